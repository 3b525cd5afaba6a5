package io.weir.cache.fast;

import io.weir.cache.door.KvHead;
import io.weir.model.KeyPath;
import io.weir.web.RawTarget;
import io.weir.web.security.RequestHead;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, taken apart as the HTTP port does it.
 *
 * @param path of the target, without its query; null when it is for a key
 * @param rawKey what follows {@code /kv/} in it; null when it is not for a key
 * @param serverName the name that it is for
 * @param contentLength -1 when it is not told
 * @param isOld whether it is of HTTP/1.0
 * @param isKept whether its client would have the connection go on
 */
record HttpHead(
    RawHead raw,
    String method,
    @Nullable String path,
    @Nullable String rawKey,
    @Nullable String query,
    String serverName,
    String remoteAddress,
    long contentLength,
    boolean isChunked,
    boolean expectsContinue,
    boolean isOld,
    boolean isKept)
    implements KvHead {

  private static final String CONTINUE = "100-continue";
  private static final String HOST = "Host";
  private static final String CONTENT_LENGTH = "Content-Length";
  private static final String NO_LENGTH =
      "The request's Content-Length is not valid, or it has several.";

  /** A head that is refused; the connection ends with the answer. */
  static final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    RefusedException(int status, String detail) {
      super(detail, null, false, false);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** Where requests come from, and the host that they were last for. Of one thread. */
  static final class Sender {

    /** Characters of a host that is remembered, which is longer than the longest name of one. */
    private static final int LONGEST_REMEMBERED = 261;

    private final String remoteAddress;
    private String host = "";
    private String name = "";

    Sender(String remoteAddress) {
      this.remoteAddress = remoteAddress;
    }

    /** The name that a request is for; a host is looked at once while it stays the same. */
    private String serverName(RawHead raw, @Nullable String authority, boolean isOld)
        throws RefusedException {
      boolean isSame = raw.isFirst(HOST, host);
      String asked = isSame ? host : raw.first(HOST);
      if (asked == null) {
        if (!isOld) {
          throw notHttp("A request of HTTP/1.1 has a Host.");
        }
        return "";
      }
      if (raw.hasSeveral(HOST)
          || (authority != null && !authority.equalsIgnoreCase(asked))
          || !(isSame || HeadScan.isHost(asked))) {
        throw notHttp("The request's Host is not valid, or it has several.");
      }
      if (isSame) {
        return name;
      }
      int colon = asked.lastIndexOf(':');
      String found = colon > asked.lastIndexOf(']') ? asked.substring(0, colon) : asked;
      if (asked.length() <= LONGEST_REMEMBERED) {
        host = asked;
        name = found;
      }
      return found;
    }
  }

  /**
   * Takes a head apart.
   *
   * @throws RefusedException when it is not valid, or asks for what nobody does here
   */
  static HttpHead of(RawHead raw, Sender sender) throws RefusedException {
    boolean isOld = isOld(raw);
    boolean isChunked = isChunked(raw, isOld);
    String expected = isOld ? null : raw.first("Expect");
    if (expected != null && !expected.equalsIgnoreCase(CONTINUE)) {
      throw new RefusedException(417, "The request expects what is not known here.");
    }
    int begin = raw.targetBegin();
    int end = raw.targetEnd();
    String authority = null;
    if (!raw.startsWith("/", begin, end)) {
      String target = raw.text(begin, end);
      if (!isAbsolute(target)) {
        throw notHttp("The request's target is not valid.");
      }
      int host = target.indexOf("://") + 3;
      int slash = target.indexOf('/', host);
      authority = slash < 0 ? target.substring(host) : target.substring(host, slash);
      begin = slash < 0 ? end : begin + slash;
    }
    if (raw.indexOf('#', begin, end) >= 0) {
      throw notHttp("The request's target is not valid.");
    }
    int mark = raw.indexOf('?', begin, end);
    int pathEnd = mark < 0 ? end : mark;
    String rawKey = rawKey(raw, begin, pathEnd);
    return new HttpHead(
        raw,
        raw.method(),
        rawKey != null ? null : begin == pathEnd ? "/" : raw.text(begin, pathEnd),
        rawKey,
        mark < 0 ? null : raw.text(mark + 1, end),
        sender.serverName(raw, authority, isOld),
        sender.remoteAddress,
        contentLength(raw, isChunked),
        isChunked,
        expected != null,
        isOld,
        isKept(raw, isOld));
  }

  static RefusedException notHttp(String detail) {
    return new RefusedException(400, detail);
  }

  private static boolean isOld(RawHead raw) throws RefusedException {
    if (raw.isVersion("HTTP/1.1")) {
      return false;
    }
    if (raw.isVersion("HTTP/1.0")) {
      return true;
    }
    if (raw.version().matches("HTTP/[0-9]\\.[0-9]")) {
      throw new RefusedException(505, "The request must be of HTTP/1.1 or HTTP/1.0.");
    }
    throw notHttp("The request is not valid HTTP.");
  }

  private static boolean isAbsolute(String target) {
    return target.regionMatches(true, 0, "http://", 0, 7)
        || target.regionMatches(true, 0, "https://", 0, 8);
  }

  /**
   * Whether the body comes in chunks. Codings whose last is not {@code chunked}, or that name it
   * twice, leave open where the body ends (RFC 9112, section 6.3), as does a length beside them:
   * that is no request.
   */
  private static boolean isChunked(RawHead raw, boolean isOld) throws RefusedException {
    String codings = raw.all("Transfer-Encoding");
    if (codings == null) {
      return false;
    }
    if (isOld) {
      throw notHttp("A request of HTTP/1.0 has no Transfer-Encoding.");
    }
    if (raw.first(CONTENT_LENGTH) != null) {
      throw notHttp("A request has no Transfer-Encoding beside its Content-Length.");
    }
    if (codings.equalsIgnoreCase("chunked")) {
      return true;
    }
    String[] coding = codings.split(",", -1);
    for (int i = 0; i < coding.length; i++) {
      boolean isLast = i == coding.length - 1;
      if (coding[i].strip().equalsIgnoreCase("chunked") != isLast) {
        throw notHttp("A request's Transfer-Encoding ends in chunked, which it names once.");
      }
    }
    throw new RefusedException(
        501,
        "The request has a Transfer-Encoding that is not understood here; a body has a"
            + " Content-Length, or comes chunked.");
  }

  private static long contentLength(RawHead raw, boolean isChunked) throws RefusedException {
    String text = isChunked ? null : raw.first(CONTENT_LENGTH);
    if (text == null) {
      return -1;
    }
    long length = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || length > (Long.MAX_VALUE - digit) / 10) {
        throw notHttp(NO_LENGTH);
      }
      length = length * 10 + digit;
    }
    if (text.isEmpty() || raw.hasSeveral(CONTENT_LENGTH)) {
      throw notHttp(NO_LENGTH);
    }
    return length;
  }

  private static boolean isKept(RawHead raw, boolean isOld) {
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

  private static @Nullable String rawKey(RawHead raw, int begin, int end) {
    if (raw.startsWith(KeyPath.PREFIX, begin, end)) {
      return raw.text(begin + KeyPath.PREFIX.length(), end);
    }
    return end - begin == RawTarget.PATH.length() && raw.startsWith(RawTarget.PATH, begin, end)
        ? ""
        : null;
  }

  @Override
  public String rawKey() {
    return rawKey == null ? "" : rawKey;
  }

  boolean isForKey() {
    return rawKey != null;
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  boolean hasBody() {
    return isChunked || contentLength > 0;
  }

  @Override
  public @Nullable String header(String name) {
    return raw.all(name);
  }

  /** What the rule of who may do what looks at. */
  RequestHead asked() {
    return new Asked(this);
  }

  private record Asked(HttpHead head) implements RequestHead {

    @Override
    public String method() {
      return head.method;
    }

    @Override
    public @Nullable String header(String name) {
      return head.raw.first(name);
    }

    @Override
    public String serverName() {
      return head.serverName.toLowerCase(Locale.ROOT);
    }

    @Override
    public String remoteAddress() {
      return head.remoteAddress;
    }
  }
}
