package io.weir.cache.web;

import io.weir.cache.door.KvDoor;
import io.weir.cache.door.KvResponse;
import io.weir.cache.door.OverloadedException;
import io.weir.model.Problem;
import io.weir.web.ProblemWriter;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * Reserves room for a batch before anything of its body is read, until its answer is written: that
 * is after the controller has returned.
 */
final class BatchAdmission implements Filter {

  private static final String ATTRIBUTE = BatchAdmission.class.getName();

  private final KvDoor door;
  private final RequestBudget budget;
  private final long maxBytes;

  BatchAdmission(KvDoor door, RequestBudget budget, BatchSettings settings) {
    this.door = door;
    this.budget = budget;
    this.maxBytes = settings.maxSize().bytes();
  }

  /** What is reserved for a request that has come through here. */
  static RequestBudget.Reservation of(HttpServletRequest request) {
    return Objects.requireNonNull((RequestBudget.Reservation) request.getAttribute(ATTRIBUTE));
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest asked = (HttpServletRequest) request;
    // One that tells a length beyond the bound is refused unread.
    long told = asked.getMethod().equals("POST") ? asked.getContentLengthLong() : 0;
    long bytes = told < 0 ? maxBytes : told > maxBytes ? 0 : told;
    try (RequestBudget.Reservation reserved = budget.batch(bytes)) {
      request.setAttribute(ATTRIBUTE, reserved);
      chain.doFilter(request, response);
    } catch (OverloadedException e) {
      refuse((HttpServletResponse) response, door.refuse(e));
    }
  }

  private static void refuse(HttpServletResponse response, KvResponse answer) throws IOException {
    Problem problem = Objects.requireNonNull(answer.problem());
    answer.forEachHeader(response::setHeader);
    ProblemWriter.write(response, problem);
  }
}
