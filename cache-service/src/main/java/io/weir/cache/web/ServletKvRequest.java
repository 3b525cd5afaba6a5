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

/**
 * A servlet request for a key. Closing it gives back the room that its body was reserved. For one
 * thread.
 */
final class ServletKvRequest implements KvRequest, AutoCloseable {

  private final HttpServletRequest request;
  private final RequestBudget budget;
  private final LeastRate leastRate;
  private RequestBudget.@Nullable Reservation reserved;

  ServletKvRequest(HttpServletRequest request, RequestBudget budget, LeastRate leastRate) {
    this.request = request;
    this.budget = budget;
    this.leastRate = leastRate;
  }

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
    String first = request.getHeader(name);
    if (first == null) {
      return null;
    }
    Enumeration<String> values = request.getHeaders(name);
    values.nextElement();
    return values.hasMoreElements()
        ? first + ", " + String.join(", ", Collections.list(values))
        : first;
  }

  @Override
  public byte[] body(int maxBytes) {
    RequestBudget.Reservation room = budget.value();
    reserved = room;
    byte[] body;
    try {
      body = Body.read(request, maxBytes, room, leastRate);
    } catch (IOException e) {
      throw new UnreadableBodyException(e);
    }
    if (body == null) {
      throw new ValueTooLargeException(maxBytes);
    }
    return body;
  }

  @Override
  public void close() {
    if (reserved != null) {
      reserved.close();
    }
  }
}
