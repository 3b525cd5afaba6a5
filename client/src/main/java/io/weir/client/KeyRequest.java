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
import io.weir.model.Consistency;
import io.weir.model.Headers;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import io.weir.model.Shown;
import org.jspecify.annotations.Nullable;

/**
 * One operation on one key, in the form in which it can be sent any number of times.
 *
 * @param value of a put; null where there is no body
 * @param consistency of a read that any server of the shard may answer; null for the leader's own
 */
@SuppressWarnings("ArrayRecordComponent") // Shared, never compared.
record KeyRequest(
    HttpMethod method,
    Key key,
    byte @Nullable [] value,
    WriteOptions options,
    @Nullable Consistency consistency) {

  static KeyRequest get(Key key, @Nullable Consistency consistency) {
    return new KeyRequest(HttpMethod.GET, key, null, WriteOptions.DEFAULT, consistency);
  }

  static KeyRequest put(Key key, byte[] value, WriteOptions options) {
    return new KeyRequest(HttpMethod.PUT, key, value, options, null);
  }

  static KeyRequest delete(Key key, WriteOptions options) {
    if (options.contentType() != null || options.ttl() != null) {
      throw new IllegalArgumentException("a delete has no content type and no time to live");
    }
    return new KeyRequest(HttpMethod.DELETE, key, null, options, null);
  }

  boolean isWrite() {
    return !method.equals(HttpMethod.GET);
  }

  /** Tells whether it may be sent again when an earlier attempt may have arrived. */
  boolean isRepeatable() {
    return !isWrite() || options.repeatWhenAmbiguous();
  }

  /** For messages: {@code PUT 'user:1'}. */
  @Override
  public String toString() {
    return method + " '" + Shown.of(key) + "'";
  }

  /** The message for a server, without a token. */
  FullHttpRequest to(ServerAddress server) {
    StringBuilder target = new StringBuilder(server.prefix()).append(KeyPath.of(key));
    if (options.ttl() != null) {
      target.append("?ttl=").append(options.ttl().toMillis()).append("ms");
    }
    ByteBuf body = value == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(value);
    FullHttpRequest request =
        new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, target.toString(), body);
    HttpHeaders headers = request.headers();
    headers.set(HttpHeaderNames.HOST, server.authority());
    if (value != null) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, value.length);
    }
    if (options.contentType() != null) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, options.contentType());
    }
    if (options.ifMatch() != null) {
      headers.set(HttpHeaderNames.IF_MATCH, options.ifMatch().toEntityTag());
    }
    if (options.ifAbsent()) {
      headers.set(HttpHeaderNames.IF_NONE_MATCH, "*");
    }
    if (consistency != null) {
      headers.set(Headers.CONSISTENCY, consistency.toString());
    }
    if (options.durability() != null) {
      headers.set(Headers.DURABILITY, options.durability().toString());
    }
    return request;
  }
}
