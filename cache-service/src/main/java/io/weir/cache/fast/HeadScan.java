package io.weir.cache.fast;

import io.netty.util.ByteProcessor;

/**
 * Holds the head of a request against the grammar of RFC 9112, byte by byte as it comes, and takes
 * nothing that two parsers could read in two ways: no line that ends in LF alone, none that goes on
 * with the next, one space between the words of the first, no space before a colon, no control
 * character.
 */
final class HeadScan implements ByteProcessor {

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (int c = 0; c < TOKEN.length; c++) {
      TOKEN[c] = Character.isLetterOrDigit(c) || TOKEN_MARKS.indexOf(c) >= 0;
    }
  }

  private enum At {
    BEGIN,
    BEGIN_LF,
    FIRST_LINE,
    FIRST_LINE_LF,
    FIELD,
    NAME,
    VALUE,
    VALUE_LF,
    END_LF,
    END,
    FAILED
  }

  private At at = At.BEGIN;
  private int words;
  private boolean inWord;

  void reset() {
    at = At.BEGIN;
    words = 0;
    inWord = false;
  }

  /** Whether the empty line that ends a head has come. */
  boolean ended() {
    return at == At.END;
  }

  boolean failed() {
    return at == At.FAILED;
  }

  @Override
  public boolean process(byte b) {
    at =
        switch (at) {
          case BEGIN -> begin(b);
          case BEGIN_LF -> lineFeed(b, At.BEGIN);
          case FIRST_LINE -> firstLine(b);
          case FIRST_LINE_LF, VALUE_LF -> lineFeed(b, At.FIELD);
          case FIELD -> b == '\r' ? At.END_LF : isToken(b) ? At.NAME : At.FAILED;
          case NAME -> b == ':' ? At.VALUE : isToken(b) ? At.NAME : At.FAILED;
          case VALUE -> value(b);
          case END_LF -> lineFeed(b, At.END);
          case END, FAILED -> at;
        };
    return at != At.END && at != At.FAILED;
  }

  /** Before a request there may be empty lines. */
  private At begin(byte b) {
    if (b == '\r') {
      return At.BEGIN_LF;
    }
    if (!isToken(b)) {
      return At.FAILED;
    }
    words = 1;
    inWord = true;
    return At.FIRST_LINE;
  }

  private At firstLine(byte b) {
    if (b == '\r') {
      return inWord && words == 3 ? At.FIRST_LINE_LF : At.FAILED;
    }
    if (b == ' ') {
      boolean isFirst = inWord;
      inWord = false;
      return isFirst ? At.FIRST_LINE : At.FAILED;
    }
    if (!inWord) {
      inWord = true;
      words++;
    }
    return b > ' ' && b <= '~' ? At.FIRST_LINE : At.FAILED;
  }

  private static At value(byte b) {
    if (b == '\r') {
      return At.VALUE_LF;
    }
    return b == '\t' || (b >= ' ' && b <= '~') || b < 0 ? At.VALUE : At.FAILED;
  }

  private static At lineFeed(byte b, At next) {
    return b == '\n' ? next : At.FAILED;
  }

  private static boolean isToken(byte b) {
    return b >= 0 && TOKEN[b];
  }

  /** Whether a text is a host that a request may be for, with a port or without. */
  static boolean isHost(String text) {
    int closing = text.startsWith("[") ? text.indexOf(']') : -1;
    if (closing < 0 && text.startsWith("[")) {
      return false;
    }
    int colon = text.indexOf(':', closing + 1);
    int end = colon < 0 ? text.length() : colon;
    String marks = closing < 0 ? "-._~%" : "[]:.%";
    for (int i = 0; i < end; i++) {
      if (!isLetterOrDigit(text.charAt(i)) && marks.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    for (int i = end + 1; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return closing < 0 || closing == end - 1;
  }

  private static boolean isLetterOrDigit(char c) {
    return c < 128 && Character.isLetterOrDigit(c);
  }
}
