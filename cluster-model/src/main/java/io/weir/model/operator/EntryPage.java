package io.weir.model.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of all the entries that a shard holds, by slot and key.
 *
 * @param next what to ask for as {@code after}; null when this was the last page
 */
public record EntryPage(List<Line> entries, @Nullable String next) {

  public EntryPage {
    entries = List.copyOf(entries);
  }

  /**
   * One entry.
   *
   * @param value null when the value is in {@code valueBase64}
   * @param expiresAt null for never
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Line(
      String key,
      @Nullable String value,
      @Nullable String valueBase64,
      @Nullable String contentType,
      @Nullable Instant expiresAt,
      long version) {}
}
