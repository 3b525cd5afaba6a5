package io.weir.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** When a write is acknowledged. */
public enum Durability {
  /** Once it is in memory: what is not flushed yet is lost with the process. */
  @JsonProperty("memory")
  MEMORY,
  /** Once it is on disk in the journal. */
  @JsonProperty("journal")
  JOURNAL;

  private final String text = name().toLowerCase(Locale.ROOT);

  /**
   * Reads the form of the header and the setting.
   *
   * @throws IllegalArgumentException when the text is neither {@code memory} nor {@code journal}
   */
  public static Durability parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "memory" -> MEMORY;
      case "journal" -> JOURNAL;
      default ->
          throw new IllegalArgumentException(
              "a durability is 'memory' or 'journal', got '" + Excerpt.of(text.strip()) + "'");
    };
  }

  /** The form of the header and the setting. */
  @Override
  public String toString() {
    return text;
  }
}
