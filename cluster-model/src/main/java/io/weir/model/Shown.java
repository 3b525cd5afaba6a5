package io.weir.model;

import java.util.Locale;

/**
 * Text that others chose, such as a key or a name, in a form in which it stays where it is put: on
 * one line of a log or a terminal, without control over either. What is no visible character, or
 * turns the direction of those around it, is written as in Java, {@code \n} and {@code \u001b}, and
 * so is the backslash.
 */
public final class Shown {

  /** Characters, of the longest key that is not mostly escapes. */
  private static final int MOST = 600;

  private Shown() {}

  /** The text, escaped, and cut when it is long. */
  public static String of(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (shown.length() >= MOST) {
        return shown.append("...").toString();
      }
      append(shown, point);
    }
    return shown.toString();
  }

  /** A key, escaped. */
  public static String of(Key key) {
    return of(key.toString());
  }

  /**
   * Several lines that are to stay several: with line feeds and tabs as they are, and of any
   * length.
   */
  public static String lines(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(point -> {
          if (point == '\n' || point == '\t' || point == '\\') {
            shown.appendCodePoint(point);
          } else {
            append(shown, point);
          }
        });
    return shown.toString();
  }

  private static void append(StringBuilder shown, int point) {
    switch (point) {
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      case '\t' -> shown.append("\\t");
      case '\\' -> shown.append("\\\\");
      default -> {
        if (isVisible(point)) {
          shown.appendCodePoint(point);
        } else {
          for (char each : Character.toChars(point)) {
            shown.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
          }
        }
      }
    }
  }

  private static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
