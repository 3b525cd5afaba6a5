package io.weir.cache.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One result for each operation of a batch, in the same order. */
record BatchResponse(List<Result> results) {

  /**
   * What the operation would have been answered by itself.
   *
   * @param status the HTTP status
   * @param version the {@code ETag} without its quotes
   * @param value of a get: the value as text, when it is UTF-8; else {@code base64}
   * @param base64 of a get: the value in base64
   * @param contentType of a get
   * @param cacheStatus of a get, RFC 9211
   * @param durability of a put or delete
   * @param problem the problem+json of an error
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Result(
      int status,
      @Nullable String version,
      @Nullable String value,
      @Nullable String base64,
      @Nullable String contentType,
      @Nullable String cacheStatus,
      @Nullable String durability,
      @Nullable Map<String, Object> problem) {}
}
