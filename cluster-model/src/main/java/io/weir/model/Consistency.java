package io.weir.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a read that a replica may answer promises. */
public enum Consistency {
  /** It returns the last write that was acknowledged before it began, or a later one. */
  @JsonProperty("linearizable")
  LINEARIZABLE,
  /** It returns what the server it reaches holds, which may lag behind. */
  @JsonProperty("eventual")
  EVENTUAL;

  /**
   * Reads the form of the header.
   *
   * @throws IllegalArgumentException when the text is neither {@code linearizable} nor {@code
   *     eventual}
   */
  public static Consistency parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "linearizable" -> LINEARIZABLE;
      case "eventual" -> EVENTUAL;
      default ->
          throw new IllegalArgumentException(
              "a consistency is 'linearizable' or 'eventual', got '"
                  + Excerpt.of(text.strip())
                  + "'");
    };
  }

  /** The form of the header. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
