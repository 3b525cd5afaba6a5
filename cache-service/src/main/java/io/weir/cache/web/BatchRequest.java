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
      @Nullable String durability) {

    private static final int LONGEST_WORD = 16;
    private static final int LONGEST_TTL = 64;
    private static final int LONGEST_MEDIA_TYPE = 255;

    /** As long as a header of these names can be. */
    private static final int LONGEST_CONDITION = 8 * 1024;

    /** What is longer than it can mean anything, as a sentence; null when nothing is. */
    @Nullable String tooLong() {
      return firstOf(
          tooLong("op", op, LONGEST_WORD),
          tooLong("contentType", contentType, LONGEST_MEDIA_TYPE),
          tooLong("ttl", ttl, LONGEST_TTL),
          tooLong("ifMatch", ifMatch, LONGEST_CONDITION),
          tooLong("ifNoneMatch", ifNoneMatch, LONGEST_CONDITION),
          tooLong("durability", durability, LONGEST_WORD));
    }

    private static @Nullable String firstOf(@Nullable String... sentences) {
      for (String sentence : sentences) {
        if (sentence != null) {
          return sentence;
        }
      }
      return null;
    }

    private static @Nullable String tooLong(String name, @Nullable String text, int longest) {
      return text == null || text.length() <= longest
          ? null
          : "'" + name + "' has at most " + longest + " characters, got " + text.length();
    }
  }
}
