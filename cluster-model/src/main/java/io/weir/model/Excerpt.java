package io.weir.model;

/** As much of a text that somebody sent as belongs into a message about it. */
public final class Excerpt {

  /** Characters that are shown of it, unless the caller says otherwise. */
  public static final int LENGTH = 100;

  private Excerpt() {}

  /** The text, or its beginning and how many characters it has. */
  public static String of(String text) {
    return of(text, LENGTH);
  }

  /** The same, with another number of characters that are shown. */
  public static String of(String text, int length) {
    return text.length() <= length
        ? text
        : text.substring(0, length) + "… (" + text.length() + " characters)";
  }
}
