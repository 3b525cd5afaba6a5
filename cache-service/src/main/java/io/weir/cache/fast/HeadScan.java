package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds the head of a request against the grammar of RFC 9112 as its bytes come, and notes where
 * its parts end. Fields that it is told to know are not looked at again: the same bytes behind a
 * first line are the same fields. It takes nothing that two parsers could read in two ways: no line
 * that ends in LF alone, none that goes on with the next, one space between the words of the first,
 * no space before a colon, no control character.
 */
final class HeadScan {

  /** Bytes of a request's first line, and of its fields, as at the HTTP port. */
  static final int LONGEST = 8 * 1024;

  /** Bytes of CR and LF. */
  static final int LINE_END = 2;

  /** As at the HTTP port. */
  private static final int MOST_FIELDS = 100;

  private static final int FEW_MARKS = 3 + 2 * 8;
  private static final int KEPT_MARKS = 3 + 2 * 25;
  private static final int MOST_MARKS = 3 + 2 * MOST_FIELDS;

  private static final byte[] NONE = {};

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

  private final byte[] scratch;
  private At at = At.BEGIN;
  private int length;
  private int[] marks = new int[FEW_MARKS];
  private int marked;
  private @Nullable RawFields kept;
  private boolean isKnown;

  /**
   * @param scratch for use while a method of this runs, and by others of the event loop
   */
  HeadScan(byte[] scratch) {
    this.scratch = scratch;
  }

  /** Begins with the next head. */
  void reset() {
    at = At.BEGIN;
    length = 0;
    marked = 0;
    isKnown = false;
    if (marks.length > KEPT_MARKS) {
      marks = new int[FEW_MARKS];
    }
  }

  /** Begins with fields that stand by themselves, as they may after a body. */
  void resetToFields() {
    reset();
    at = At.FIELD;
    marks[2] = -LINE_END; // Where the line before would end.
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

  /** Knows fields from now on, if they are few, in place of those that it knew. */
  void keep(RawFields fields) {
    kept = fields.isShort() ? fields : null;
  }

  /** The fields of the head, where they are those that it knew before; else null. */
  @Nullable RawFields known() {
    return isKnown ? Objects.requireNonNull(kept) : null;
  }

  /** Where the method ends. */
  int methodEnd() {
    return marks[0];
  }

  /** Where the target ends. */
  int targetEnd() {
    return marks[1];
  }

  /** Where the text of the first line ends; {@link #LINE_END} bytes follow. */
  int firstLineEnd() {
    return marks[2];
  }

  /**
   * For each field where its name ends, and its value, counted from the start of the first; before
   * them, where a line before that would have ended. Not to be asked for where they are {@link
   * #known}.
   */
  int[] fieldMarks() {
    int begin = firstLineEnd() + LINE_END;
    int[] found = Arrays.copyOfRange(marks, 2, marked);
    for (int i = 0; i < found.length; i++) {
      found[i] -= begin;
    }
    return found;
  }

  /**
   * Looks at what comes next, as far as it fits the scratch.
   *
   * @param from the index of the buffer at which it begins
   * @return how many bytes were looked at; 0 when none has come
   */
  int scan(ByteBuf in, int from) {
    int count = Math.min(scratch.length, in.writerIndex() - from);
    in.getBytes(from, scratch, 0, count);
    return scan(count);
  }

  /** Looks at so many bytes: at all of them, unless the head ends or is none. */
  private int scan(int count) {
    int base = -length; // Where the head begins, were all of it here.
    int i = 0;
    while (i < count && at != At.END && at != At.FAILED) {
      switch (at) {
        case BEGIN -> {
          if (scratch[i] == '\r') {
            at = At.BEGIN_LF;
            i++;
          } else {
            base = i;
            at = At.METHOD;
          }
        }
        case METHOD -> i = part(i, count, base, TOKEN, ' ', At.TARGET);
        case TARGET -> i = part(i, count, base, VISIBLE, ' ', At.VERSION);
        case VERSION -> i = part(i, count, base, VISIBLE, '\r', At.FIRST_LINE_LF);
        case FIELD -> {
          boolean isLast = scratch[i] == '\r';
          at = isLast ? At.END_LF : At.NAME;
          i += isLast ? 1 : 0;
        }
        case NAME -> i = part(i, count, base, TOKEN, ':', At.VALUE);
        case VALUE -> i = part(i, count, base, IN_VALUE, '\r', At.VALUE_LF);
        case BEGIN_LF -> lineFeed(scratch[i++], At.BEGIN);
        case FIRST_LINE_LF -> {
          lineFeed(scratch[i++], At.FIELD);
          i += at == At.FIELD ? knownAt(i, count) : 0;
        }
        case VALUE_LF -> lineFeed(scratch[i++], At.FIELD);
        case END_LF -> lineFeed(scratch[i++], At.END);
        case END, FAILED -> throw new IllegalStateException();
      }
    }
    length = at == At.BEGIN || at == At.BEGIN_LF ? 0 : i - base;
    return i;
  }

  /** Passes over the fields that it knows, where all of them come next. Returns their bytes. */
  private int knownAt(int from, int count) {
    byte[] known = kept == null ? NONE : kept.bytes();
    int end = from + known.length;
    if (known.length == 0
        || end > count
        || !Arrays.equals(scratch, from, end, known, 0, known.length)) {
      return 0;
    }
    isKnown = true;
    at = At.END;
    return known.length;
  }

  /**
   * Looks at a part of a line, or as much of it as there is. Only a value may be empty.
   *
   * @return what follows the character that ends it
   */
  private int part(int from, int count, int base, boolean[] those, char end, At next) {
    int i = from;
    while (i < count && those[scratch[i] & 0xFF]) {
      i++;
    }
    if (i == count) {
      return i;
    }
    int position = i - base;
    int begin = marked == 0 ? 0 : marks[marked - 1] + (at == At.NAME ? 2 : 1);
    boolean isWhole = at == At.VALUE || position > begin;
    at = scratch[i] == end && isWhole ? next : At.FAILED;
    mark(position);
    return i + 1;
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
