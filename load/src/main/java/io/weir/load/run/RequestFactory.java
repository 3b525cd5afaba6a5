package io.weir.load.run;

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
import io.weir.model.Consistency;
import io.weir.model.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The requests to one server. Headers that are always the same, until the token is replaced, are
 * built once and only read. Confined to one event loop.
 */
final class RequestFactory {

  private final ServerAddress server;
  private final String prefix;
  private final @Nullable String authorization;
  private final HttpHeaders bareHeaders;
  private final HttpHeaders anyHeaders;
  private HttpHeaders putHeaders; // Those of the last size.
  private int putSize;

  /**
   * @param authorization that goes with every request; null for none
   * @param consistency of reads that any server of a shard may answer; null when there are none
   */
  RequestFactory(
      ServerAddress server, @Nullable String authorization, @Nullable Consistency consistency) {
    this.server = server;
    this.authorization = authorization;
    prefix = server.prefix();
    bareHeaders = headers(server, authorization);
    anyHeaders = headers(server, authorization);
    if (consistency != null) {
      anyHeaders.set(Headers.CONSISTENCY, consistency.toString());
    }
    putHeaders = putHeaders(0);
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

  private HttpHeaders putHeaders(int size) {
    return headers(server, authorization)
        .set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream")
        .set(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(size));
  }

  FullHttpRequest get(String path) {
    return request(HttpMethod.GET, path, Unpooled.EMPTY_BUFFER, bareHeaders);
  }

  /** A read that any server of the shard may answer. */
  FullHttpRequest getFromAny(String path) {
    return request(HttpMethod.GET, path, Unpooled.EMPTY_BUFFER, anyHeaders);
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
