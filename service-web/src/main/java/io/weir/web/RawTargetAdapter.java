package io.weir.web;

import io.weir.model.KeyPath;
import java.nio.charset.StandardCharsets;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.SocketEvent;
import org.jspecify.annotations.Nullable;

/**
 * The step between Tomcat's HTTP parser and its mapper that takes a key out of the request target
 * before Tomcat normalises the target or refuses it.
 *
 * <p>The parser has by then split off the query and the authority of an absolute-form target. What
 * follows {@code /kv/} is kept in a {@link RawExchange}, an attribute of the Coyote request, which
 * lives exactly as long as the request (Tomcat clears it before the next one on a kept-alive
 * connection), and the URI becomes {@code /kv}.
 *
 * <p><b>Concurrency.</b> Stateless; one instance serves all connections.
 */
final class RawTargetAdapter implements Adapter {

  private static final byte[] PREFIX = KeyPath.PREFIX.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PATH = RawTarget.PATH.getBytes(StandardCharsets.US_ASCII);

  private final Adapter mapper;

  RawTargetAdapter(Adapter mapper) {
    this.mapper = mapper;
  }

  @Override
  public void service(Request request, Response response) throws Exception {
    keep(request, response);
    mapper.service(request, response);
  }

  @Override
  public boolean prepare(Request request, Response response) throws Exception {
    keep(request, response);
    return mapper.prepare(request, response);
  }

  @Override
  public boolean asyncDispatch(Request request, Response response, SocketEvent event)
      throws Exception {
    return mapper.asyncDispatch(request, response, event);
  }

  @Override
  public void log(Request request, Response response, long time) {
    mapper.log(request, response, time);
  }

  @Override
  public void checkRecycled(Request request, Response response) {
    mapper.checkRecycled(request, response);
  }

  @Override
  public String getDomain() {
    return mapper.getDomain();
  }

  private static void keep(Request request, Response response) {
    request.setAttribute(RawExchange.ATTRIBUTE, new RawExchange(takeRawKey(request), response));
  }

  /** Takes the key out of a target for one; null when it is for anything else. */
  private static @Nullable String takeRawKey(Request request) {
    MessageBytes uri = request.requestURI();
    if (uri.getType() != MessageBytes.T_BYTES) {
      return null;
    }
    ByteChunk bytes = uri.getByteChunk();
    int length = bytes.getLength();
    if (length < PREFIX.length || !startsWithPrefix(bytes)) {
      return null;
    }
    String rawKey =
        new String(
            bytes.getBytes(),
            bytes.getStart() + PREFIX.length,
            length - PREFIX.length,
            StandardCharsets.ISO_8859_1);
    uri.setBytes(PATH, 0, PATH.length);
    return rawKey;
  }

  private static boolean startsWithPrefix(ByteChunk bytes) {
    byte[] buffer = bytes.getBytes();
    int start = bytes.getStart();
    for (int i = 0; i < PREFIX.length; i++) {
      if (buffer[start + i] != PREFIX[i]) {
        return false;
      }
    }
    return true;
  }
}
