package io.weir.cache.door;

import io.weir.cache.engine.Condition;
import io.weir.model.Durability;
import io.weir.model.Headers;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the fields of a head ask of a write. Immutable; of the same fields it means the same.
 *
 * @param isPut whether they are those of a put, which alone brings a value
 * @param durability null for that of the settings
 * @param contentType of the value, in a form that can be kept; null for none
 */
public record WriteFields(
    boolean isPut,
    Condition condition,
    @Nullable Durability durability,
    @Nullable String contentType) {

  /** The width of the column that holds it. */
  private static final int MAX_CONTENT_TYPE = 255;

  /**
   * Makes sense of fields.
   *
   * @param header as {@link KvHead#header}
   * @throws BadRequestException when one has no meaning, or asks for what is not done
   * @throws UnsupportedCodingException when the value comes with a coding
   */
  public static WriteFields of(Function<String, @Nullable String> header, boolean isPut) {
    return new WriteFields(
        isPut,
        condition(header),
        parsed(header, Headers.DURABILITY, Durability::parse),
        isPut ? contentType(header) : null);
  }

  private static @Nullable String contentType(Function<String, @Nullable String> header) {
    String contentType = header.apply("Content-Type");
    if (contentType != null && contentType.isBlank()) {
      contentType = null;
    }
    if (contentType != null && !isStorable(contentType)) {
      throw new BadRequestException(
          "a Content-Type has at most " + MAX_CONTENT_TYPE + " printable ASCII characters");
    }
    ContentCoding.requireNone(
        header.apply("Content-Encoding"),
        "a value is kept without a Content-Encoding, so it must come without one");
    if (header.apply("Content-Range") != null) {
      throw new BadRequestException(
          "a put replaces the whole value, so it takes no part of one: Content-Range");
    }
    return contentType;
  }

  private static boolean isStorable(String contentType) {
    return contentType.length() <= MAX_CONTENT_TYPE && KvResponse.isPrintable(contentType);
  }

  private static Condition condition(Function<String, @Nullable String> header) {
    EntityTags match = EntityTags.of("If-Match", header);
    EntityTags noneMatch = EntityTags.of("If-None-Match", header);
    if (match == null && noneMatch == null) {
      return Condition.NONE;
    }
    return current ->
        (match == null || match.matchStrongly(current))
            && (noneMatch == null || !noneMatch.match(current));
  }

  static <T> @Nullable T parsed(
      Function<String, @Nullable String> header, String name, Function<String, T> parser) {
    String value = header.apply(name);
    if (value == null) {
      return null;
    }
    try {
      return parser.apply(value);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(name + ": " + e.getMessage());
    }
  }
}
