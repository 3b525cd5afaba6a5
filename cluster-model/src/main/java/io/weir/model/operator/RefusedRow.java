package io.weir.model.operator;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row that a shard's database refuses, and the write that it refuses it with.
 *
 * @param version of the write; text in JSON, since a script's number may not hold it
 * @param operation {@code put} or {@code delete}
 * @param expiresAt null for never
 * @param value the text that was put, and {@code valueBase64} where it is none; both only for a key
 *     that was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RefusedRow(
    String key,
    int slot,
    @JsonFormat(shape = JsonFormat.Shape.STRING) long version,
    String operation,
    String reason,
    int attempts,
    long ageMillis,
    long nextTryMillis,
    int valueBytes,
    @Nullable String contentType,
    @Nullable Instant expiresAt,
    @Nullable String value,
    @Nullable String valueBase64) {

  @JsonIgnore
  public boolean isDelete() {
    return operation.equals("delete");
  }
}
