package io.weir.cache.web;

import io.weir.cache.door.KvDoor;
import io.weir.cache.door.KvResponse;
import io.weir.cache.kv.Value;
import io.weir.web.ProblemWriter;
import io.weir.web.RawExchange;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The door for {@code /kv/<key>} on the HTTP port. A bare servlet: on this path Spring MVC would
 * cost more than the cache does.
 */
final class KvServlet extends HttpServlet {

  private static final long serialVersionUID = 1;

  private final transient KvDoor door;
  private final transient RequestBudget budget;

  KvServlet(KvDoor door, RequestBudget budget) {
    this.door = door;
    this.budget = budget;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try (ServletKvRequest asked = new ServletKvRequest(request, budget)) {
      write(door.handle(asked), request, response);
    }
  }

  private static void write(
      KvResponse answer, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    answer.forEachHeader(response::setHeader);
    if (answer.problem() != null) {
      ProblemWriter.write(response, answer.problem());
      return;
    }
    response.setStatus(answer.status());
    Value value = answer.value();
    if (value == null) {
      return;
    }
    RawExchange.contentType(request, response, answer.contentType());
    response.setContentLength(value.bytes().length);
    if (!request.getMethod().equals("HEAD")) {
      response.getOutputStream().write(value.bytes());
    }
  }
}
