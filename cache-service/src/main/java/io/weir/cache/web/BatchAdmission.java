package io.weir.cache.web;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what a batch has reserved until its answer is written, which is after the controller has
 * returned, and cuts off who takes that too slowly.
 */
final class BatchAdmission implements Filter {

  private static final String ATTRIBUTE = BatchAdmission.class.getName();

  private final RequestBudget budget;
  private final LeastRate leastRate;

  BatchAdmission(RequestBudget budget, LeastRate leastRate) {
    this.budget = budget;
    this.leastRate = leastRate;
  }

  /** What a request that has come through here reserves. */
  static RequestBudget.Reservation of(HttpServletRequest request) {
    return Objects.requireNonNull((RequestBudget.Reservation) request.getAttribute(ATTRIBUTE));
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try (RequestBudget.Reservation reserved = budget.batch()) {
      request.setAttribute(ATTRIBUTE, reserved);
      chain.doFilter(
          request, new Paced((HttpServletResponse) response, (HttpServletRequest) request));
    }
  }

  /** A response whose body must be taken at the least rate. */
  private final class Paced extends HttpServletResponseWrapper {

    private final HttpServletRequest request;
    private @Nullable ServletOutputStream paced;

    Paced(HttpServletResponse response, HttpServletRequest request) {
      super(response);
      this.request = request;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      if (paced == null) {
        paced = new PacedOutput(super.getOutputStream(), request, leastRate);
      }
      return paced;
    }
  }
}
