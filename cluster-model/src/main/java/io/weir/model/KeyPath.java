package io.weir.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

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
   *     follows; each character is one byte of the wire
   * @throws InvalidKeyException on a broken percent-escape, or when the bytes are no key
   */
  public static Key decode(String rawKey) {
    if (isPlain(rawKey)) {
      return Key.of(rawKey.getBytes(StandardCharsets.ISO_8859_1));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(rawKey.length());
    for (int i = 0; i < rawKey.length(); i++) {
      char c = rawKey.charAt(i);
      if (c > 0xFF) {
        throw new InvalidKeyException("position " + i + " holds no byte, it must be escaped");
      }
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = hexDigit(rawKey, i + 1);
      int low = hexDigit(rawKey, i + 2);
      if (high < 0 || low < 0) {
        throw new InvalidKeyException(
            "'%' at position " + i + " is not followed by two hex digits");
      }
      bytes.write((high << 4) | low);
      i += 2;
    }
    return Key.of(bytes.toByteArray());
  }

  /** Whether each character stands for itself, as in nearly every key. */
  private static boolean isPlain(String rawKey) {
    for (int i = 0; i < rawKey.length(); i++) {
      char c = rawKey.charAt(i);
      if (c == '%' || c > 0xFF) {
        return false;
      }
    }
    return true;
  }

  /** The value of an ASCII hex digit; -1 for what is none, or beyond the end. */
  private static int hexDigit(String text, int at) {
    return at < text.length() && HexFormat.isHexDigit(text.charAt(at))
        ? HexFormat.fromHexDigit(text.charAt(at))
        : -1;
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
