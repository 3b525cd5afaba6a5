package io.weir.cache.fast;

import io.weir.cache.door.KvHead;
import io.weir.cache.door.ReadFields;
import io.weir.cache.door.WriteFields;
import io.weir.model.KeyPath;
import io.weir.web.RawTarget;
import io.weir.web.security.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, taken apart as the HTTP port does it.
 *
 * @param path of the target, without its query; null when it is for a key
 * @param rawKey what follows {@code /kv/} in it; null when it is not for a key
 */
record HttpHead(
    RawHead raw,
    HttpFields fields,
    String method,
    @Nullable String path,
    @Nullable String rawKey,
    @Nullable String query,
    String remoteAddress)
    implements KvHead {

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
  static HttpHead of(RawHead raw, String remoteAddress) throws RefusedException {
    HttpFields fields = raw.fields().read(isOld(raw));
    int begin = raw.targetBegin();
    int end = raw.targetEnd();
    if (!raw.startsWith("/", begin, end)) {
      begin = pathBegin(raw, fields);
    }
    if (raw.indexOf('#', begin, end) >= 0) {
      throw notHttp("The request's target is not valid.");
    }
    int mark = raw.indexOf('?', begin, end);
    int pathEnd = mark < 0 ? end : mark;
    String rawKey = rawKey(raw, begin, pathEnd);
    return new HttpHead(
        raw,
        fields,
        raw.method(),
        rawKey != null ? null : begin == pathEnd ? "/" : raw.text(begin, pathEnd),
        rawKey,
        mark < 0 ? null : raw.text(mark + 1, end),
        remoteAddress);
  }

  /** Where the path begins in a target that names its host too, which is the one it is for. */
  private static int pathBegin(RawHead raw, HttpFields fields) throws RefusedException {
    String target = raw.text(raw.targetBegin(), raw.targetEnd());
    if (!isAbsolute(target)) {
      throw notHttp("The request's target is not valid.");
    }
    int host = target.indexOf("://") + 3;
    int slash = target.indexOf('/', host);
    String authority = slash < 0 ? target.substring(host) : target.substring(host, slash);
    String asked = fields.raw().first(HttpFields.HOST);
    if (asked != null && !authority.equalsIgnoreCase(asked)) {
      throw notHttp("The request's target is for another host than its Host.");
    }
    return slash < 0 ? raw.targetEnd() : raw.targetBegin() + slash;
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
    return fields.isChunked() || fields.contentLength() > 0;
  }

  @Override
  public @Nullable String header(String name) {
    return fields.raw().all(name);
  }

  @Override
  public ReadFields readFields() {
    return fields.raw().ofRead();
  }

  @Override
  public WriteFields writeFields(boolean isPut) {
    return fields.raw().ofWrite(isPut);
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
      return head.fields.raw().first(name);
    }

    @Override
    public String serverName() {
      return head.fields.serverName();
    }

    @Override
    public String remoteAddress() {
      return head.remoteAddress;
    }
  }
}
