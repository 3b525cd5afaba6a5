package io.weir.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.weir.client.transport.ServerAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asks of one server, beside keys.
 *
 * @param method {@code GET}, {@code POST} or {@code DELETE}
 * @param target path and query, such as {@code /actuator/writeback}
 * @param json body of a {@code POST}; null where there is none
 */
public record OperatorRequest(String method, String target, @Nullable String json) {

  public static OperatorRequest get(String target) {
    return new OperatorRequest("GET", target, null);
  }

  public static OperatorRequest post(String target, String json) {
    return new OperatorRequest("POST", target, json);
  }

  public static OperatorRequest delete(String target) {
    return new OperatorRequest("DELETE", target, null);
  }

  boolean changesSomething() {
    return !method.equals("GET");
  }

  /** The message for a server, without a token. */
  FullHttpRequest to(ServerAddress server) {
    ByteBuf body =
        json == null
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(json.getBytes(StandardCharsets.UTF_8));
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), server.prefix() + target, body);
    HttpHeaders headers = request.headers();
    headers.set(HttpHeaderNames.HOST, server.authority());
    headers.set(HttpHeaderNames.ACCEPT, "application/json, */*;q=0.5");
    if (json != null) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
      headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    }
    return request;
  }

  /** For messages: {@code GET /actuator/writeback}. */
  @Override
  public String toString() {
    int query = target.indexOf('?');
    return method + " " + (query < 0 ? target : target.substring(0, query));
  }
}
