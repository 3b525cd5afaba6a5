package io.weir.cli.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.weir.client.transport.Access;
import io.weir.client.transport.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The requests to one server. Headers that are always the same are built once and only read.
 * Confined to one event loop.
 */
final class RequestFactory {

  private final ServerAddress server;
  private final String prefix;
  private final Access access;
  private @Nullable String authorization;
  private HttpHeaders bareHeaders;
  private HttpHeaders putHeaders; // Those of the last size.
  private int putSize;

  RequestFactory(ServerAddress server, Access access) {
    this.server = server;
    this.prefix = server.prefix();
    this.access = access;
    this.authorization = access.authorization();
    this.bareHeaders = headers();
    this.putHeaders = putHeaders(0);
  }

  private HttpHeaders headers() {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory()
            .newHeaders()
            .set(HttpHeaderNames.HOST, server.authority());
    return authorization == null
        ? headers
        : headers.set(HttpHeaderNames.AUTHORIZATION, authorization);
  }

  /** What requests show; null for nothing. */
  @Nullable String authorization() {
    return authorization;
  }

  /**
   * Takes the token anew after a server has refused one. The loop waits while a small file is read.
   *
   * @return whether there is another
   */
  boolean renew(@Nullable String refused) {
    if (!access.renew(refused)) {
      return false;
    }
    authorization = access.authorization();
    bareHeaders = headers();
    putHeaders = putHeaders(putSize);
    return true;
  }

  private HttpHeaders putHeaders(int size) {
    return headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream")
        .set(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(size));
  }

  FullHttpRequest get(String path) {
    return request(HttpMethod.GET, path, Unpooled.EMPTY_BUFFER, bareHeaders);
  }

  FullHttpRequest delete(String path) {
    return request(HttpMethod.DELETE, path, Unpooled.EMPTY_BUFFER, bareHeaders);
  }

  /**
   * @param value begins with what is to be put
   */
  FullHttpRequest put(String path, byte[] value, int size) {
    if (size != putSize) {
      // Never changed: a request that was given up may still be on its way with the old ones.
      putHeaders = putHeaders(size);
      putSize = size;
    }
    return request(HttpMethod.PUT, path, Unpooled.wrappedBuffer(value, 0, size), putHeaders);
  }

  private FullHttpRequest request(
      HttpMethod method, String path, ByteBuf body, HttpHeaders headers) {
    String target = prefix.isEmpty() ? path : prefix + path;
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, method, target, body, headers, EmptyHttpHeaders.INSTANCE);
  }
}
