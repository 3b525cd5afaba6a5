package io.weir.cache.door;

import org.jspecify.annotations.Nullable;

/** The one rule for the {@code Content-Encoding} of all bodies: there is none. */
public final class ContentCoding {

  private static final String NONE = "identity";

  private ContentCoding() {}

  /**
   * Takes a body without a coding, and one whose codings are all {@code identity}.
   *
   * @param codings the request's {@code Content-Encoding}, its fields joined by commas
   * @param rule what such a body must be, as a sentence
   * @throws UnsupportedCodingException when there is a coding
   */
  public static void requireNone(@Nullable String codings, String rule) {
    if (codings == null) {
      return;
    }
    for (String coding : codings.split(",", -1)) {
      if (!coding.isBlank() && !coding.strip().equalsIgnoreCase(NONE)) {
        throw new UnsupportedCodingException(rule, codings);
      }
    }
  }
}
