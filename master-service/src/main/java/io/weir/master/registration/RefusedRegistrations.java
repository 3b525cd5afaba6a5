package io.weir.master.registration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the registrations that are refused, by reason, and logs those that want a token. It stands
 * before the filter that asks for one: nothing behind that hears of them, and the metrics of Spring
 * have them under no path.
 *
 * <p><b>Concurrency.</b> Its monitor guards what is remembered of the log.
 */
final class RefusedRegistrations implements Filter {

  private static final Logger log = LoggerFactory.getLogger("registry");

  /** A server without a token asks again every second or so, and anybody can ask. */
  private static final long LOG_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanos;
  private final Counter unauthorized;
  private final Counter conflicting;
  private final Counter invalid;

  private long loggedAt;
  private long unlogged;
  private boolean hasLogged;

  RefusedRegistrations(MeterRegistry meters, LongSupplier nanos) {
    this.nanos = nanos;
    this.unauthorized = counter(meters, "token");
    this.conflicting = counter(meters, "conflict");
    this.invalid = counter(meters, "invalid");
  }

  private static Counter counter(MeterRegistry meters, String reason) {
    return Counter.builder("weir.registrations.refused")
        .description("Registrations and heartbeats that this master has refused")
        .tag("reason", reason)
        .register(meters);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(request, response);
    if (((HttpServletRequest) request).getMethod().equals("POST")) {
      answered(request.getRemoteAddr(), ((HttpServletResponse) response).getStatus());
    }
  }

  private void answered(String from, int status) {
    switch (status) {
      case 401, 403 -> {
        unauthorized.increment();
        log(from, status);
      }
      case 409 -> conflicting.increment();
      default -> {
        if (status >= 400 && status < 500) {
          invalid.increment();
        }
      }
    }
  }

  private synchronized void log(String from, int status) {
    long now = nanos.getAsLong();
    if (hasLogged && now - loggedAt < LOG_EVERY_NANOS) {
      unlogged++;
      return;
    }
    log.warn(
        "refused: a registration from {} {}; {} more since the last such line",
        from,
        status == 401 ? "without a token that is known here" : "whose token lacks the role cluster",
        unlogged);
    hasLogged = true;
    loggedAt = now;
    unlogged = 0;
  }
}
