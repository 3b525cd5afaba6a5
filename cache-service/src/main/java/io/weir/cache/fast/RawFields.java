package io.weir.cache.fast;

import io.weir.cache.door.ReadFields;
import io.weir.cache.door.WriteFields;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a head as they came, which {@link HeadScan} has let pass. Texts are made of their
 * bytes as they are asked for, and kept, as is what they say. Heads whose fields have the same
 * bytes share one.
 *
 * <p><b>Concurrency.</b> Of any thread: a race makes something twice, and the two mean the same.
 */
final class RawFields {

  /** Bytes of fields that are kept for the next head, which mostly has the same. */
  static final int MOST_KEPT = 512;

  /** The index of the mark that ends the first name. */
  private static final int FIRST = 1;

  private final byte[] bytes;
  private final int[] marks;
  private final @Nullable String[] values;

  /** What they say, as it was last asked for. */
  private @Nullable HttpFields said;

  /** What they ask for, unless that has conditions, which take more than their bytes. */
  private @Nullable ReadFields ofRead;

  private @Nullable WriteFields ofWrite;

  /**
   * @param bytes from the first of the first name to the last of the empty line, not to be changed
   * @param marks as {@link HeadScan#fieldMarks} has them
   */
  RawFields(byte[] bytes, int[] marks) {
    this.bytes = bytes;
    this.marks = marks;
    this.values = new String[marks.length / 2];
  }

  /** Not a copy, not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Whether they are few enough to be kept. */
  boolean isShort() {
    return bytes.length <= MOST_KEPT;
  }

  /**
   * What they say of the connection and the body.
   *
   * @throws HttpHead.RefusedException as {@link HttpFields#of}
   */
  HttpFields read(boolean isOld) throws HttpHead.RefusedException {
    HttpFields known = said;
    if (known == null || known.isOld() != isOld) {
      known = HttpFields.of(this, isOld);
      said = known;
    }
    return known;
  }

  /** What they ask of a read; fails as {@link ReadFields#of}. */
  ReadFields ofRead() {
    ReadFields known = ofRead;
    if (known == null) {
      known = ReadFields.of(this::all);
      ofRead = known.isConditional() ? null : known;
    }
    return known;
  }

  /** What they ask of a write; fails as {@link WriteFields#of}. */
  WriteFields ofWrite(boolean isPut) {
    WriteFields known = ofWrite;
    if (known == null || known.isPut() != isPut) {
      known = WriteFields.of(this::all, isPut);
      ofWrite = known.condition().needsCurrent() ? null : known;
    }
    return known;
  }

  /** The value of the first field with a name, without the blanks around it; null for none. */
  @Nullable String first(String name) {
    int field = find(name, FIRST);
    return field < 0 ? null : value(field);
  }

  /** Whether two fields have a name, or more. */
  boolean hasSeveral(String name) {
    int field = find(name, FIRST);
    return field >= 0 && find(name, field + 2) >= 0;
  }

  /** The values of all fields with a name, joined by commas; null for none. */
  @Nullable String all(String name) {
    int field = find(name, FIRST);
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
    String known = values[field / 2];
    if (known == null) {
      int begin = begin(field);
      int length = Math.max(0, end(field) - begin);
      known = new String(bytes, begin, length, StandardCharsets.ISO_8859_1);
      values[field / 2] = known;
    }
    return known;
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
