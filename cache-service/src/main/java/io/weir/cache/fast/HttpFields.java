package io.weir.cache.fast;

import io.weir.cache.fast.HttpHead.RefusedException;
import java.util.Locale;

/**
 * What the fields of a head say of the connection and the body. Immutable.
 *
 * @param isOld whether they are those of a request of HTTP/1.0
 * @param serverName the name that the request is for, in small letters; empty where an old one does
 *     not say
 * @param contentLength bytes; -1 when it is not told
 * @param isKept whether the client would have the connection go on
 */
record HttpFields(
    RawFields raw,
    boolean isOld,
    boolean isChunked,
    boolean expectsContinue,
    String serverName,
    long contentLength,
    boolean isKept) {

  static final String HOST = "Host";

  private static final String CONTINUE = "100-continue";
  private static final String CONTENT_LENGTH = "Content-Length";
  private static final String NO_LENGTH =
      "The request's Content-Length is not valid, or it has several.";

  /**
   * Makes sense of fields.
   *
   * @throws RefusedException when they are not valid, or ask for what nobody does here
   */
  static HttpFields of(RawFields raw, boolean isOld) throws RefusedException {
    boolean isChunked = isChunked(raw, isOld);
    String expected = isOld ? null : raw.first("Expect");
    if (expected != null && !expected.equalsIgnoreCase(CONTINUE)) {
      throw new RefusedException(417, "The request expects what is not known here.");
    }
    return new HttpFields(
        raw,
        isOld,
        isChunked,
        expected != null,
        serverName(raw, isOld),
        contentLength(raw, isChunked),
        isKept(raw, isOld));
  }

  private static String serverName(RawFields raw, boolean isOld) throws RefusedException {
    String host = raw.first(HOST);
    if (host == null) {
      if (!isOld) {
        throw HttpHead.notHttp("A request of HTTP/1.1 has a Host.");
      }
      return "";
    }
    if (raw.hasSeveral(HOST) || !HeadScan.isHost(host)) {
      throw HttpHead.notHttp("The request's Host is not valid, or it has several.");
    }
    int colon = host.lastIndexOf(':');
    String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Whether the body comes in chunks. Codings whose last is not {@code chunked}, or that name it
   * twice, leave open where the body ends (RFC 9112, section 6.3), as does a length beside them:
   * that is no request.
   */
  private static boolean isChunked(RawFields raw, boolean isOld) throws RefusedException {
    String codings = raw.all("Transfer-Encoding");
    if (codings == null) {
      return false;
    }
    if (isOld) {
      throw HttpHead.notHttp("A request of HTTP/1.0 has no Transfer-Encoding.");
    }
    if (raw.first(CONTENT_LENGTH) != null) {
      throw HttpHead.notHttp("A request has no Transfer-Encoding beside its Content-Length.");
    }
    if (codings.equalsIgnoreCase("chunked")) {
      return true;
    }
    String[] coding = codings.split(",", -1);
    for (int i = 0; i < coding.length; i++) {
      boolean isLast = i == coding.length - 1;
      if (coding[i].strip().equalsIgnoreCase("chunked") != isLast) {
        throw HttpHead.notHttp(
            "A request's Transfer-Encoding ends in chunked, which it names once.");
      }
    }
    throw new RefusedException(
        501,
        "The request has a Transfer-Encoding that is not understood here; a body has a"
            + " Content-Length, or comes chunked.");
  }

  private static long contentLength(RawFields raw, boolean isChunked) throws RefusedException {
    String text = isChunked ? null : raw.first(CONTENT_LENGTH);
    if (text == null) {
      return -1;
    }
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || length > (Long.MAX_VALUE - digit) / 10) {
        throw HttpHead.notHttp(NO_LENGTH);
      }
      length = length * 10 + digit;
    }
    if (text.isEmpty() || raw.hasSeveral(CONTENT_LENGTH)) {
      throw HttpHead.notHttp(NO_LENGTH);
    }
    return length;
  }

  private static boolean isKept(RawFields raw, boolean isOld) {
    String connection = raw.all("Connection");
    if (connection == null) {
      return !isOld;
    }
    boolean isKept = !isOld;
    for (String option : connection.split(",", -1)) {
      String word = option.strip();
      if (word.equalsIgnoreCase("close")) {
        return false;
      }
      isKept |= word.equalsIgnoreCase("keep-alive");
    }
    return isKept;
  }
}
