package io.weir.cache.fast;

import java.nio.charset.StandardCharsets;

/**
 * The head of a request as it came, which {@link HeadScan} has let pass: its first line, of whose
 * bytes texts are made as they are asked for, and its fields. Immutable.
 */
final class RawHead {

  private static final String[] METHODS = {"GET", "PUT", "HEAD", "DELETE"};

  private final byte[] bytes;
  private final int methodEnd;
  private final int targetEnd;
  private final RawFields fields;

  /**
   * @param bytes of the first line, without its end, not to be changed
   * @param methodEnd where its method ends
   * @param targetEnd where its target ends
   */
  RawHead(byte[] bytes, int methodEnd, int targetEnd, RawFields fields) {
    this.bytes = bytes;
    this.methodEnd = methodEnd;
    this.targetEnd = targetEnd;
    this.fields = fields;
  }

  RawFields fields() {
    return fields;
  }

  String method() {
    for (String each : METHODS) {
      if (each.length() == methodEnd && startsWith(each, 0, methodEnd)) {
        return each;
      }
    }
    return text(0, methodEnd);
  }

  int targetBegin() {
    return methodEnd + 1;
  }

  int targetEnd() {
    return targetEnd;
  }

  boolean isVersion(String version) {
    int begin = targetEnd + 1;
    return bytes.length - begin == version.length() && startsWith(version, begin, bytes.length);
  }

  String version() {
    return text(targetEnd + 1, bytes.length);
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
}
