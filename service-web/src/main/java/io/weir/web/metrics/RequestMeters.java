package io.weir.web.metrics;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/**
 * The meters of requests that Spring's observation does not see: the same names and the same tags,
 * which Spring's own convention gives, once for each kind of answer. An observation would build
 * them anew for every request, and that is a quarter of what a read of a key allocates.
 *
 * <p><b>Concurrency.</b> Safe for use by many threads. Of two that meet a kind of answer first,
 * both get the one meter that the registry has.
 */
public final class RequestMeters {

  private static final String ACTIVE = ".active";

  private final MeterRegistry meters;
  private final DefaultServerRequestObservationConvention convention =
      new DefaultServerRequestObservationConvention();
  private final Map<String, LongTaskTimer> active = new ConcurrentHashMap<>();
  private final Map<Kind, Timer> answered = new ConcurrentHashMap<>();

  public RequestMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  /** An answer without a failure, by what its tags are made of. */
  private record Kind(String method, int status) {}

  /** A request that is being answered. For one thread. */
  public final class Running {

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final LongTaskTimer.Sample sample;
    private final long began = meters.config().clock().monotonicTime();

    private Running(HttpServletRequest request, HttpServletResponse response) {
      this.request = request;
      this.response = response;
      this.sample = active(request, response).start();
    }

    /** Records that it is answered, or has failed. */
    public void end(@Nullable Exception failure) {
      long took = meters.config().clock().monotonicTime() - began;
      timer(request, response, failure).record(took, TimeUnit.NANOSECONDS);
      sample.stop();
    }
  }

  /** Begins to time a request. */
  public Running begin(HttpServletRequest request, HttpServletResponse response) {
    return new Running(request, response);
  }

  private LongTaskTimer active(HttpServletRequest request, HttpServletResponse response) {
    LongTaskTimer known = active.get(request.getMethod());
    if (known != null) {
      return known;
    }
    LongTaskTimer found =
        meters.more().longTaskTimer(convention.getName() + ACTIVE, tags(request, response, null));
    if (isOrdinary(request)) {
      active.put(request.getMethod(), found);
    }
    return found;
  }

  private Timer timer(
      HttpServletRequest request, HttpServletResponse response, @Nullable Exception failure) {
    Kind kind = new Kind(request.getMethod(), response.getStatus());
    Timer known = failure == null ? answered.get(kind) : null;
    if (known != null) {
      return known;
    }
    List<Tag> tags = tags(request, response, failure);
    tags.add(Tag.of("error", failure == null ? "none" : failure.getClass().getSimpleName()));
    Timer found = meters.timer(convention.getName(), tags);
    if (failure == null && isOrdinary(request)) {
      answered.put(kind, found);
    }
    return found;
  }

  /** Whether it has one of a few methods; a client may send any word as one. */
  private static boolean isOrdinary(HttpServletRequest request) {
    return switch (request.getMethod()) {
      case "GET", "HEAD", "PUT", "DELETE" -> true;
      default -> false;
    };
  }

  private List<Tag> tags(
      HttpServletRequest request, HttpServletResponse response, @Nullable Exception failure) {
    ServerRequestObservationContext context =
        new ServerRequestObservationContext(request, response);
    if (failure != null) {
      context.setError(failure);
    }
    List<Tag> tags = new ArrayList<>();
    for (KeyValue each : convention.getLowCardinalityKeyValues(context)) {
      tags.add(Tag.of(each.getKey(), each.getValue()));
    }
    return tags;
  }
}
