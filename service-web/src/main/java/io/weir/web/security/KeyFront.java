package io.weir.web.security;

import io.weir.web.RawTarget;
import io.weir.web.metrics.RequestMeters;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.core.Ordered;

/**
 * The first filter of a server whose keys are a bare servlet's, and for them the last as well: it
 * asks the {@link KeyGate}, times the request and calls the servlet. Nothing of the other filters
 * is of use there; {@code docs/adr/0045-the-way-of-a-key.md} lists them one by one.
 *
 * <p>It goes by the mapping of the container: what that takes for keys, and nothing else, comes
 * here. What it did not catch would meet the same gate in Spring Security's chain.
 */
public final class KeyFront implements Filter {

  private final KeyGate gate;
  private final RequestMeters meters;
  private final HttpServlet keys;

  private KeyFront(KeyGate gate, RequestMeters meters, HttpServlet keys) {
    this.gate = gate;
    this.meters = meters;
    this.keys = keys;
  }

  /**
   * Returns what puts one before all other filters.
   *
   * @param keys the servlet of {@link RawTarget#PATH}
   */
  public static FilterRegistrationBean<KeyFront> before(
      HttpServlet keys, KeyGate gate, RequestMeters meters) {
    FilterRegistrationBean<KeyFront> registration =
        new FilterRegistrationBean<>(new KeyFront(gate, meters, keys));
    registration.setUrlPatterns(List.of(RawTarget.PATH));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  /** Answers the request; the chain is not gone on with. */
  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest asked = (HttpServletRequest) request;
    HttpServletResponse answer = (HttpServletResponse) response;
    RequestMeters.Running running = meters.begin(asked.getMethod());
    Exception failure = null;
    try {
      if (gate.admits(asked, answer)) {
        keys.service(request, response);
      }
    } catch (IOException | ServletException | RuntimeException e) {
      failure = e;
      answer.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      throw e;
    } finally {
      running.end(answer.getStatus(), failure);
    }
  }
}
