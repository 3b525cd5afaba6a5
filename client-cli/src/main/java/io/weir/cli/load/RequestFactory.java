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
import io.weir.client.transport.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The requests to one server. The headers, the same until the token is replaced, are built once and
 * only read.
 */
final class RequestFactory {

  private final String prefix;
  private final @Nullable String authorization;
  private final HttpHeaders getHeaders;
  private final HttpHeaders putHeaders;

  /**
   * @param authorization that goes with every request; null for none
   */
  RequestFactory(ServerAddress server, int valueSize, @Nullable String authorization) {
    this.prefix = server.prefix();
    this.authorization = authorization;
    this.getHeaders = headers(server, authorization);
    this.putHeaders =
        headers(server, authorization)
            .set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream")
            .set(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(valueSize));
  }

  private static HttpHeaders headers(ServerAddress server, @Nullable String authorization) {
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory()
            .newHeaders()
            .set(HttpHeaderNames.HOST, server.authority());
    return authorization == null
        ? headers
        : headers.set(HttpHeaderNames.AUTHORIZATION, authorization);
  }

  @Nullable String authorization() {
    return authorization;
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
