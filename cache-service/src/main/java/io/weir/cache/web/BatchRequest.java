package io.weir.cache.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many operations in one request. Those of one key run in their order; those of different keys run
 * side by side, so nothing is atomic but each operation by itself.
 */
record BatchRequest(List<Operation> operations) {

  /**
   * One operation.
   *
   * @param op {@code get}, {@code put} or {@code delete}
   * @param key the key, as text, not percent-encoded
   * @param value of a put: the value as text, stored as UTF-8; or else {@code base64}
   * @param base64 of a put: the value in base64
   * @param contentType of a put
   * @param ttl of a put, such as {@code 60s}
   * @param ifMatch as the header, such as {@code "42"} with its quotes, or {@code *}
   * @param ifNoneMatch likewise
   * @param durability as the header
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Operation(
      String op,
      String key,
      @Nullable String value,
      @Nullable String base64,
      @Nullable String contentType,
      @Nullable String ttl,
      @Nullable String ifMatch,
      @Nullable String ifNoneMatch,
      @Nullable String durability) {}
}
