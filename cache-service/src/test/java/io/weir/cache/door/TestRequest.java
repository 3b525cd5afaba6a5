package io.weir.cache.door;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request put together by a test. Not changed once it is handed over. */
final class TestRequest implements KvRequest {

  private final String method;
  private final String rawKey;
  private final @Nullable String query;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private byte[] body = {};
  private @Nullable RuntimeException unreadable;

  private TestRequest(String method, String target) {
    int question = target.indexOf('?');
    this.method = method;
    this.rawKey = question < 0 ? target : target.substring(0, question);
    this.query = question < 0 ? null : target.substring(question + 1);
  }

  static TestRequest of(String method, String target) {
    return new TestRequest(method, target);
  }

  static TestRequest get(String target) {
    return new TestRequest("GET", target);
  }

  static TestRequest put(String target, String body) {
    return new TestRequest("PUT", target).body(body.getBytes(UTF_8));
  }

  static TestRequest delete(String target) {
    return new TestRequest("DELETE", target);
  }

  TestRequest with(String header, String value) {
    headers.put(header.toLowerCase(Locale.ROOT), value);
    return this;
  }

  TestRequest body(byte[] bytes) {
    body = bytes;
    return this;
  }

  TestRequest unreadable(RuntimeException failure) {
    unreadable = failure;
    return this;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String rawKey() {
    return rawKey;
  }

  @Override
  public @Nullable String query() {
    return query;
  }

  @Override
  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public byte[] body(int maxBytes) {
    if (unreadable != null) {
      throw unreadable;
    }
    if (body.length > maxBytes) {
      throw new ValueTooLargeException(maxBytes);
    }
    return body;
  }
}
