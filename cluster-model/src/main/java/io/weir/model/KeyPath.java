package io.weir.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The form of a key in the path of a URL: everything after {@code /kv/}, percent-encoded once.
 *
 * <p>Decoding takes the raw request target as it came over the wire, before any normalisation, so
 * that {@code /}, {@code %2F}, {@code //}, {@code .}, {@code ..} and {@code ;} are data. Encoding
 * escapes all but the unreserved characters of RFC 3986 and those a path segment may hold
 * unescaped; it also escapes the dots of a segment that is {@code .} or {@code ..} as a whole,
 * which clients would otherwise resolve.
 */
public final class KeyPath {

  /** What stands before the key in the path. */
  public static final String PREFIX = "/kv/";

  private static final String UNESCAPED = "-_~!$'()*,:@/";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private KeyPath() {}

  /** Returns the path of a key, {@code /kv/…}. */
  public static String of(Key key) {
    byte[] bytes = key.bytes();
    StringBuilder path = new StringBuilder(PREFIX.length() + bytes.length + 16).append(PREFIX);
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (isLiteral(bytes, i)) {
        path.append((char) b);
      } else {
        path.append('%').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
      }
    }
    return path.toString();
  }

  /**
   * Returns the key of a raw path, as it stands between {@code /kv/} and the query.
   *
   * @param rawKey what follows {@code /kv/} in the request target, without {@code ?} and what
   *     follows
   * @throws InvalidKeyException on a broken percent-escape, or when the bytes are no key
   */
  public static Key decode(String rawKey) {
    if (rawKey.indexOf('%') < 0) {
      return Key.of(rawKey.getBytes(StandardCharsets.ISO_8859_1));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(rawKey.length());
    for (int i = 0; i < rawKey.length(); i++) {
      char c = rawKey.charAt(i);
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = i + 1 < rawKey.length() ? Character.digit(rawKey.charAt(i + 1), 16) : -1;
      int low = i + 2 < rawKey.length() ? Character.digit(rawKey.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw new InvalidKeyException(
            "'%' at position " + i + " is not followed by two hex digits");
      }
      bytes.write((high << 4) | low);
      i += 2;
    }
    return Key.of(bytes.toByteArray());
  }

  private static boolean isLiteral(byte[] bytes, int i) {
    byte b = bytes[i];
    if (b == '.') {
      return !inDotSegment(bytes, i);
    }
    if (b == '/') {
      // A slash at either end, or beside another, is escaped: proxies and clients fold those.
      return i > 0 && i < bytes.length - 1 && bytes[i - 1] != '/' && bytes[i + 1] != '/';
    }
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || UNESCAPED.indexOf(b) >= 0;
  }

  private static boolean inDotSegment(byte[] bytes, int i) {
    int first = i;
    while (first > 0 && bytes[first - 1] != '/') {
      first--;
    }
    int last = i;
    while (last < bytes.length - 1 && bytes[last + 1] != '/') {
      last++;
    }
    int length = last - first + 1;
    return length == 1 || (length == 2 && bytes[first] == '.' && bytes[last] == '.');
  }
}
