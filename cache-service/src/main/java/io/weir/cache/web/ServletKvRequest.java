package io.weir.cache.web;

import io.weir.cache.door.KvRequest;
import io.weir.cache.door.UnreadableBodyException;
import io.weir.cache.door.ValueTooLargeException;
import io.weir.web.RawTarget;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** A servlet request for a key. */
record ServletKvRequest(HttpServletRequest request) implements KvRequest {

  @Override
  public String method() {
    return request.getMethod();
  }

  @Override
  public String rawKey() {
    return RawTarget.of(request);
  }

  @Override
  public @Nullable String query() {
    return request.getQueryString();
  }

  @Override
  public @Nullable String header(String name) {
    Enumeration<String> values = request.getHeaders(name);
    if (!values.hasMoreElements()) {
      return null;
    }
    String first = values.nextElement();
    return values.hasMoreElements()
        ? first + ", " + String.join(", ", Collections.list(values))
        : first;
  }

  @Override
  public byte[] body(int maxBytes) {
    if (request.getContentLengthLong() > maxBytes) {
      throw new ValueTooLargeException(maxBytes);
    }
    byte[] body;
    try {
      body = request.getInputStream().readNBytes(maxBytes + 1);
    } catch (IOException e) {
      throw new UnreadableBodyException(e);
    }
    if (body.length > maxBytes) {
      throw new ValueTooLargeException(maxBytes);
    }
    return body;
  }
}
