package io.weir.cache.web;

import io.weir.cache.door.BadRequestException;
import io.weir.cache.door.KvRequest;
import io.weir.cache.door.ValueTooLargeException;
import io.weir.model.Headers;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a batch, in the form of a request of its own.
 *
 * @param batch the headers of the whole
 */
record BatchKvRequest(BatchRequest.Operation operation, Defaults batch) implements KvRequest {

  /**
   * The headers of a batch that hold for each of its operations, unless that has its own; null
   * where it has none.
   */
  record Defaults(
      @Nullable String consistency, @Nullable String durability, @Nullable String cacheControl) {

    static Defaults of(HttpServletRequest request) {
      return new Defaults(
          request.getHeader(Headers.CONSISTENCY),
          request.getHeader(Headers.DURABILITY),
          request.getHeader("Cache-Control"));
    }
  }

  @Override
  public String method() {
    return operation.op().toUpperCase(Locale.ROOT);
  }

  @Override
  public String rawKey() {
    return KeyPath.of(Key.of(operation.key())).substring(KeyPath.PREFIX.length());
  }

  @Override
  public @Nullable String query() {
    return operation.ttl() == null
        ? null
        : "ttl=" + URLEncoder.encode(operation.ttl(), StandardCharsets.UTF_8);
  }

  @Override
  public @Nullable String header(String name) {
    return switch (name) {
      case "If-Match" -> operation.ifMatch();
      case "If-None-Match" -> operation.ifNoneMatch();
      case "Content-Type" -> operation.contentType();
      case Headers.DURABILITY ->
          operation.durability() == null ? batch.durability() : operation.durability();
      case Headers.CONSISTENCY -> batch.consistency();
      case "Cache-Control" -> batch.cacheControl();
      default -> null;
    };
  }

  @Override
  public byte[] body(int maxBytes) {
    byte[] body = decode();
    if (body.length > maxBytes) {
      throw new ValueTooLargeException(maxBytes);
    }
    return body;
  }

  private byte[] decode() {
    if (operation.value() != null && operation.base64() == null) {
      return utf8(operation.value());
    }
    if (operation.base64() != null && operation.value() == null) {
      try {
        return Base64.getDecoder().decode(operation.base64());
      } catch (IllegalArgumentException e) {
        throw new BadRequestException("base64: " + e.getMessage());
      }
    }
    throw new BadRequestException("a put has either 'value' or 'base64'");
  }

  private static byte[] utf8(String text) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[utf8.remaining()];
      utf8.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new BadRequestException("a 'value' is text, this one has half a surrogate pair");
    }
  }
}
