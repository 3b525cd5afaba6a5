package io.weir.cache.fast;

import java.util.Arrays;

/**
 * Holds the head of a request against the grammar of RFC 9112 as its bytes come, and notes where
 * its parts end. It takes nothing that two parsers could read in two ways: no line that ends in LF
 * alone, none that goes on with the next, one space between the words of the first, no space before
 * a colon, no control character.
 */
final class HeadScan {

  /** Bytes of a request's first line, and of its fields, as at the HTTP port. */
  static final int LONGEST = 8 * 1024;

  /** As at the HTTP port. */
  private static final int MOST_FIELDS = 100;

  private static final int FEW_MARKS = 3 + 2 * 8;
  private static final int KEPT_MARKS = 3 + 2 * 25;
  private static final int MOST_MARKS = 3 + 2 * MOST_FIELDS;

  private static final boolean[] TOKEN = new boolean[256];
  private static final boolean[] VISIBLE = new boolean[256];
  private static final boolean[] IN_VALUE = new boolean[256];

  static {
    for (int c = 0; c < TOKEN.length; c++) {
      VISIBLE[c] = c > ' ' && c <= '~';
      TOKEN[c] = isLetterOrDigit((char) c) || (VISIBLE[c] && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
      IN_VALUE[c] = VISIBLE[c] || c == ' ' || c == '\t' || c > 127;
    }
  }

  private enum At {
    BEGIN,
    BEGIN_LF,
    METHOD,
    TARGET,
    VERSION,
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
  private int length;
  private int[] marks = new int[FEW_MARKS];
  private int marked;

  /** Begins with the next head. */
  void reset() {
    at = At.BEGIN;
    length = 0;
    marked = 0;
    if (marks.length > KEPT_MARKS) {
      marks = new int[FEW_MARKS];
    }
  }

  /** Begins with fields that stand by themselves, as they may after a body. */
  void resetToFields() {
    reset();
    at = At.FIELD;
    marks[2] = -2; // Where the line before would end.
    marked = 3;
  }

  /** Whether the empty line that ends a head has come. */
  boolean ended() {
    return at == At.END;
  }

  /** Whether it is no head, or is too long for one. */
  boolean failed() {
    int firstLine = marked < 3 ? length : marks[2];
    return at == At.FAILED || firstLine > LONGEST || length - firstLine > LONGEST;
  }

  /** Bytes of the head so far; 0 while there are only empty lines, as there may be before it. */
  int length() {
    return length;
  }

  /**
   * Where the method ends, the target, and the first line; then for each field where its name ends,
   * and its value. A line's end is that of its text.
   */
  int[] marks() {
    return Arrays.copyOf(marks, marked);
  }

  /**
   * Looks at what comes next.
   *
   * @return how many of the bytes were looked at: all, unless the head ends or is none
   */
  int scan(byte[] in, int count) {
    int base = -length; // Where the head begins, were all of it here.
    int i = 0;
    while (i < count && at != At.END && at != At.FAILED) {
      switch (at) {
        case BEGIN -> {
          if (in[i] == '\r') {
            at = At.BEGIN_LF;
            i++;
          } else {
            base = i;
            at = At.METHOD;
          }
        }
        case METHOD -> {
          i = skip(in, i, count, TOKEN);
          word(in, i, count, i - base, ' ', At.TARGET);
          i++;
        }
        case TARGET -> {
          i = skip(in, i, count, VISIBLE);
          word(in, i, count, i - base, ' ', At.VERSION);
          i++;
        }
        case VERSION -> {
          i = skip(in, i, count, VISIBLE);
          word(in, i, count, i - base, '\r', At.FIRST_LINE_LF);
          i++;
        }
        case FIELD -> {
          boolean isLast = in[i] == '\r';
          at = isLast ? At.END_LF : At.NAME;
          i += isLast ? 1 : 0;
        }
        case NAME -> {
          i = skip(in, i, count, TOKEN);
          word(in, i, count, i - base, ':', At.VALUE);
          i++;
        }
        case VALUE -> {
          i = skip(in, i, count, IN_VALUE);
          if (i < count) {
            at = in[i] == '\r' ? At.VALUE_LF : At.FAILED;
            mark(i - base);
          }
          i++;
        }
        case BEGIN_LF -> lineFeed(in[i++], At.BEGIN);
        case FIRST_LINE_LF, VALUE_LF -> lineFeed(in[i++], At.FIELD);
        case END_LF -> lineFeed(in[i++], At.END);
        case END, FAILED -> throw new IllegalStateException();
      }
    }
    int looked = Math.min(i, count);
    length = at == At.BEGIN || at == At.BEGIN_LF ? 0 : looked - base;
    return looked;
  }

  private static int skip(byte[] in, int from, int count, boolean[] those) {
    int i = from;
    while (i < count && those[in[i] & 0xFF]) {
      i++;
    }
    return i;
  }

  /** Ends a word, which has a byte at least, unless there is more to come of it. */
  private void word(byte[] in, int i, int count, int position, char end, At next) {
    if (i < count) {
      int begin = marked == 0 ? 0 : marks[marked - 1] + (at == At.NAME ? 2 : 1);
      at = in[i] == end && position > begin ? next : At.FAILED;
      mark(position);
    }
  }

  private void mark(int position) {
    if (marked == marks.length) {
      if (marked >= MOST_MARKS) {
        at = At.FAILED;
        return;
      }
      marks = Arrays.copyOf(marks, marked < KEPT_MARKS ? KEPT_MARKS : MOST_MARKS);
    }
    marks[marked++] = position;
  }

  private void lineFeed(byte b, At next) {
    at = b == '\n' ? next : At.FAILED;
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
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
