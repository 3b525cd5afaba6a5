package io.weir.cache.web;

import io.weir.cache.door.KvDoor;
import io.weir.cache.door.KvResponse;
import io.weir.cache.door.OverloadedException;
import io.weir.cache.kv.Value;
import io.weir.model.ProblemType;
import io.weir.web.ProblemWriter;
import io.weir.web.RawExchange;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.BiConsumer;

/**
 * The door for {@code /kv/<key>} on the HTTP port. A bare servlet: on this path Spring MVC would
 * cost more than the cache does.
 */
final class KvServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  /** Bytes of a value that Tomcat takes at once, into a buffer of the connection's. */
  static final int SMALL = 8 * 1024;

  private final transient KvDoor door;
  private final transient RequestBudget budget;
  private final transient LeastRate leastRate;

  KvServlet(KvDoor door, RequestBudget budget, LeastRate leastRate) {
    this.door = door;
    this.budget = budget;
    this.leastRate = leastRate;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try (ServletKvRequest asked = new ServletKvRequest(request, budget, leastRate)) {
      KvResponse answer = door.handle(asked);
      Value value = answer.value();
      if (value == null || value.bytes().length <= SMALL || isHead(request)) {
        write(answer, request, response);
      } else {
        writeLarge(answer, value.bytes().length, request, response);
      }
    }
  }

  /** Writes a value that a client may take its time for, and so keep from the collector. */
  private void writeLarge(
      KvResponse answer, int bytes, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    RequestBudget.Answer reserved;
    try {
      reserved = budget.answer(bytes);
    } catch (OverloadedException e) {
      write(door.refuse(e), request, response);
      return;
    }
    try (reserved) {
      write(answer, request, response);
    }
  }

  private void write(KvResponse answer, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    BiConsumer<String, String> fields = RawExchange.fields(request, response);
    answer.forEachHeader(fields);
    if (answer.problem() != null) {
      ProblemWriter.write(response, answer.problem());
      if (answer.problem().type() == ProblemType.REQUEST_TIMEOUT) {
        RawExchange.leaveBody(request);
      }
      return;
    }
    response.setStatus(answer.status());
    Value value = answer.value();
    if (value == null) {
      return;
    }
    byte[] bytes = value.bytes();
    fields.accept("Content-Type", answer.contentType());
    response.setContentLength(bytes.length);
    if (isHead(request)) {
      return;
    }
    if (bytes.length <= SMALL) {
      response.getOutputStream().write(bytes);
    } else {
      new PacedOutput(response.getOutputStream(), request, leastRate).write(bytes);
    }
  }

  private static boolean isHead(HttpServletRequest request) {
    return request.getMethod().equals("HEAD");
  }
}
