package io.weir.cache.fast;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.weir.cache.door.KvHead;
import io.weir.model.KeyPath;
import io.weir.web.RawTarget;
import io.weir.web.security.RequestHead;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, taken apart as the HTTP port does it.
 *
 * @param path of the target, without its query
 * @param rawKey what follows {@code /kv/} in it; null when it is not for a key
 * @param serverName the name that it is for
 * @param contentLength -1 when it is not told
 */
record HttpHead(
    HttpRequest request,
    String method,
    String path,
    @Nullable String rawKey,
    @Nullable String query,
    String serverName,
    String remoteAddress,
    long contentLength,
    boolean isChunked,
    boolean expectsContinue)
    implements KvHead {

  private static final String CONTINUE = "100-continue";

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

  /**
   * Takes a head apart.
   *
   * @throws RefusedException when it is not valid, or asks for what nobody does here
   */
  static HttpHead of(HttpRequest request, String remoteAddress) throws RefusedException {
    if (request.decoderResult().isFailure()) {
      throw notHttp("The request is not valid HTTP, or its head is too long.");
    }
    HttpHeaders fields = request.headers();
    boolean isOld = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    if (!isOld && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      throw new RefusedException(505, "The request must be of HTTP/1.1 or HTTP/1.0.");
    }
    boolean isChunked = isChunked(fields, isOld);
    String expected = isOld ? null : fields.get(HttpHeaderNames.EXPECT);
    if (expected != null && !expected.equalsIgnoreCase(CONTINUE)) {
      throw new RefusedException(417, "The request expects what is not known here.");
    }
    String target = request.uri();
    String authority = null;
    if (isAbsolute(target)) {
      int begins = target.indexOf("://") + 3;
      int ends = target.indexOf('/', begins);
      authority = ends < 0 ? target.substring(begins) : target.substring(begins, ends);
      target = ends < 0 ? "/" : target.substring(ends);
    }
    if (target.charAt(0) != '/' || target.indexOf('#') >= 0) {
      throw notHttp("The request's target is not valid.");
    }
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    return new HttpHead(
        request,
        request.method().name(),
        path,
        rawKey(path),
        mark < 0 ? null : target.substring(mark + 1),
        serverName(fields, authority, isOld),
        remoteAddress,
        isChunked ? -1 : HttpUtil.getContentLength(request, -1L),
        isChunked,
        expected != null);
  }

  private static RefusedException notHttp(String detail) {
    return new RefusedException(400, detail);
  }

  private static boolean isAbsolute(String target) {
    return target.regionMatches(true, 0, "http://", 0, 7)
        || target.regionMatches(true, 0, "https://", 0, 8);
  }

  /**
   * Whether the body comes in chunks. Codings whose last is not {@code chunked}, or that name it
   * twice, leave open where the body ends (RFC 9112, section 6.3): that is no request.
   */
  private static boolean isChunked(HttpHeaders fields, boolean isOld) throws RefusedException {
    if (!fields.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return false;
    }
    if (isOld) {
      throw notHttp("A request of HTTP/1.0 has no Transfer-Encoding.");
    }
    String codings = String.join(",", fields.getAll(HttpHeaderNames.TRANSFER_ENCODING));
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

  private static @Nullable String rawKey(String path) {
    if (path.startsWith(KeyPath.PREFIX)) {
      return path.substring(KeyPath.PREFIX.length());
    }
    return path.equals(RawTarget.PATH) ? "" : null;
  }

  private static String serverName(HttpHeaders fields, @Nullable String authority, boolean isOld)
      throws RefusedException {
    String host = fields.get(HttpHeaderNames.HOST);
    if (host == null) {
      if (!isOld) {
        throw notHttp("A request of HTTP/1.1 has a Host.");
      }
      return "";
    }
    if (!HeadScan.isHost(host)
        || fields.getAll(HttpHeaderNames.HOST).size() > 1
        || (authority != null && !authority.equalsIgnoreCase(host))) {
      throw notHttp("The request's Host is not valid, or it has several.");
    }
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
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
    String first = request.headers().get(name);
    if (first == null) {
      return null;
    }
    List<String> all = request.headers().getAll(name);
    return all.size() == 1 ? first : String.join(", ", all);
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
      return head.request.headers().get(name);
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
