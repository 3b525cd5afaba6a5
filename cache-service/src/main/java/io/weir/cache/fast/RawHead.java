package io.weir.cache.fast;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request as it came, that {@link HeadScan} has let pass. Texts are made of its bytes
 * as they are asked for. Immutable.
 */
final class RawHead {

  private static final String[] METHODS = {"GET", "PUT", "HEAD", "DELETE"};

  private final byte[] bytes;
  private final int[] marks;

  /**
   * @param bytes from the first of the method to the last of the empty line, not to be changed
   * @param marks as {@link HeadScan#marks} has them
   */
  RawHead(byte[] bytes, int[] marks) {
    this.bytes = bytes;
    this.marks = marks;
  }

  String method() {
    for (String each : METHODS) {
      if (each.length() == marks[0] && startsWith(each, 0, marks[0])) {
        return each;
      }
    }
    return text(0, marks[0]);
  }

  int targetBegin() {
    return marks[0] + 1;
  }

  int targetEnd() {
    return marks[1];
  }

  boolean isVersion(String version) {
    int begin = marks[1] + 1;
    return marks[2] - begin == version.length() && startsWith(version, begin, marks[2]);
  }

  String version() {
    return text(marks[1] + 1, marks[2]);
  }

  String text(int begin, int end) {
    return new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1);
  }

  /** Where a character first is, in a range; -1 when it is not there. */
  int indexOf(char c, int begin, int end) {
    for (int i = begin; i < end; i++) {
      if (bytes[i] == c) {
        return i;
      }
    }
    return -1;
  }

  boolean startsWith(String prefix, int begin, int end) {
    int length = prefix.length();
    if (end - begin < length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[begin + i] != prefix.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The value of the first field with a name, without the blanks around it; null for none. */
  @Nullable String first(String name) {
    int field = find(name, 3);
    return field < 0 ? null : value(field);
  }

  /** Whether the first field with a name has a value, and there is one. */
  boolean isFirst(String name, String value) {
    int field = find(name, 3);
    if (field < 0) {
      return false;
    }
    int begin = begin(field);
    int length = value.length();
    return Math.max(0, end(field) - begin) == length && startsWith(value, begin, begin + length);
  }

  /** Whether two fields have a name, or more. */
  boolean hasSeveral(String name) {
    int field = find(name, 3);
    return field >= 0 && find(name, field + 2) >= 0;
  }

  /** The values of all fields with a name, joined by commas; null for none. */
  @Nullable String all(String name) {
    int field = find(name, 3);
    if (field < 0) {
      return null;
    }
    String first = value(field);
    int next = find(name, field + 2);
    if (next < 0) {
      return first;
    }
    StringBuilder joined = new StringBuilder(first);
    for (; next >= 0; next = find(name, next + 2)) {
      joined.append(", ").append(value(next));
    }
    return joined.toString();
  }

  /** The index of the mark that ends the name of a field, from another such index on. */
  private int find(String name, int from) {
    int length = name.length();
    for (int field = from; field < marks.length; field += 2) {
      int begin = marks[field - 1] + 2;
      if (marks[field] - begin == length && isName(name, begin)) {
        return field;
      }
    }
    return -1;
  }

  /** Of two characters of names that differ in this bit alone, letters are the same. */
  private boolean isName(String name, int begin) {
    for (int i = 0; i < name.length(); i++) {
      int has = bytes[begin + i];
      int wanted = name.charAt(i);
      if (has != wanted && (has ^ wanted) != 0x20) {
        return false;
      }
      int small = has | 0x20;
      if (has != wanted && (small < 'a' || small > 'z')) {
        return false;
      }
    }
    return true;
  }

  private String value(int field) {
    int begin = begin(field);
    return text(begin, Math.max(begin, end(field)));
  }

  private int begin(int field) {
    int begin = marks[field] + 1;
    while (begin < marks[field + 1] && isBlank(bytes[begin])) {
      begin++;
    }
    return begin;
  }

  private int end(int field) {
    int end = marks[field + 1];
    while (end > marks[field] + 1 && isBlank(bytes[end - 1])) {
      end--;
    }
    return end;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }
}
