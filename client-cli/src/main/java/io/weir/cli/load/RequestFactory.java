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
 * The requests to one server. The headers, the same until the token is replaced, are built once and
 * only read.
 */
final class RequestFactory {

  private final String prefix;
  private final ServerAddress server;
  private final int valueSize;
  private final Access access;
  private @Nullable String authorization;
  private HttpHeaders getHeaders;
  private HttpHeaders putHeaders;

  RequestFactory(ServerAddress server, int valueSize, Access access) {
    this.prefix = server.prefix();
    this.server = server;
    this.valueSize = valueSize;
    this.access = access;
    this.authorization = access.authorization();
    this.getHeaders = headers();
    this.putHeaders = putHeaders();
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

  private HttpHeaders putHeaders() {
    return headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream")
        .set(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(valueSize));
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
    getHeaders = headers();
    putHeaders = putHeaders();
    return true;
  }

  FullHttpRequest get(String path) {
    return request(HttpMethod.GET, path, Unpooled.EMPTY_BUFFER, getHeaders);
  }

  FullHttpRequest put(String path, byte[] value) {
    return request(HttpMethod.PUT, path, Unpooled.wrappedBuffer(value), putHeaders);
  }

  private FullHttpRequest request(
      HttpMethod method, String path, ByteBuf body, HttpHeaders headers) {
    String target = prefix.isEmpty() ? path : prefix + path;
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1, method, target, body, headers, EmptyHttpHeaders.INSTANCE);
  }
}
