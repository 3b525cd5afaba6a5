package io.weir.client.operator;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import io.weir.model.operator.EntryPage;
import io.weir.model.operator.RefusedRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * One entry as a line of NDJSON, in exports, imports and files of discarded rows.
 *
 * @param key the key; null when it is in {@code keyBase64}, as other programs may have it
 * @param value null when it is in {@code valueBase64}, or the line is a delete
 * @param expiresAt null for never
 * @param version that it had, as text in JSON, since a script's number may not hold it; an import
 *     gives it a new one
 * @param deleted whether the line is a delete
 * @param discarded whether it is a row that was discarded at that version
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EntryLine(
    @Nullable String key,
    @Nullable String keyBase64,
    @Nullable String value,
    @Nullable String valueBase64,
    @Nullable String contentType,
    @Nullable Instant expiresAt,
    @JsonFormat(shape = JsonFormat.Shape.STRING) long version,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean deleted,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean discarded) {

  /** An entry that a cache server holds. */
  public static EntryLine of(EntryPage.Line entry) {
    return new EntryLine(
        entry.key(),
        null,
        entry.value(),
        entry.valueBase64(),
        entry.contentType(),
        entry.expiresAt(),
        entry.version(),
        false,
        false);
  }

  /** A row that is to be discarded. */
  public static EntryLine of(RefusedRow row) {
    return new EntryLine(
        row.key(),
        null,
        row.value(),
        row.valueBase64(),
        row.contentType(),
        row.expiresAt(),
        row.version(),
        row.isDelete(),
        true);
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException with a sentence when it is none
   */
  public static EntryLine parse(byte[] json) {
    EntryLine line;
    try {
      line = OperatorApi.JSON.readValue(json, EntryLine.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("no JSON of an entry: " + e.getOriginalMessage(), e);
    }
    if (line == null || (line.key == null) == (line.keyBase64 == null)) {
      throw new IllegalArgumentException("an entry has either key or keyBase64");
    }
    if (line.deleted
        ? line.value != null || line.valueBase64 != null
        : (line.value == null) == (line.valueBase64 == null)) {
      throw new IllegalArgumentException(
          "an entry has either value or valueBase64, and a delete has none");
    }
    return line;
  }

  /** The key. */
  public Key toKey() {
    try {
      return key != null ? Key.of(key) : Key.of(decoded(String.valueOf(keyBase64)));
    } catch (InvalidKeyException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The value; of no delete. */
  public byte[] toBytes() {
    return value != null
        ? value.getBytes(StandardCharsets.UTF_8)
        : decoded(String.valueOf(valueBase64));
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("no base64: " + e.getMessage(), e);
    }
  }

  /** The line, without its end. */
  public byte[] toJson() {
    return OperatorApi.JSON.writeValueAsBytes(this);
  }
}
