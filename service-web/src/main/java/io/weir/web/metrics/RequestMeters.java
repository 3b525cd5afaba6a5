package io.weir.web.metrics;

import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The meters of requests that Spring's observation does not see, those for keys, at whichever port
 * they come: the same names and the same tags, made once for each kind of answer. An observation
 * would build them anew for every request, and that is a quarter of what a read of a key allocates.
 *
 * <p><b>Concurrency.</b> Safe for use by many threads. Of two that meet a kind of answer first,
 * both get the one meter that the registry has.
 */
public final class RequestMeters {

  private static final String ANSWERED = "http.server.requests";
  private static final String ACTIVE = ANSWERED + ".active";

  /** Those that a client may send and a tag may have. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE");

  /** What a request stands at before it is answered. */
  private static final int OK = 200;

  private static final int NOT_FOUND = 404;

  private final MeterRegistry meters;
  private final Map<String, LongTaskTimer> active = new ConcurrentHashMap<>();
  private final Map<Kind, Timer> answered = new ConcurrentHashMap<>();

  public RequestMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  /** An answer without a failure, by what its tags are made of. */
  private record Kind(String method, int status) {}

  /** A request that is being answered. For one thread at a time. */
  public final class Running {

    private final String method;
    private final LongTaskTimer.Sample sample;
    private final long began;

    private Running(String method, long began) {
      this.method = method;
      this.began = began;
      this.sample = active(method).start();
    }

    /** Records that it is answered, or has failed. */
    public void end(int status, @Nullable Exception failure) {
      end(status, failure, now());
    }

    /**
     * The same for who knows the time.
     *
     * @param now in {@link System#nanoTime}
     */
    public void end(int status, @Nullable Exception failure, long now) {
      timer(method, status, failure).record(now - began, TimeUnit.NANOSECONDS);
      sample.stop();
    }

    /** Takes it back: there is nobody any more to answer. */
    public void giveUp() {
      sample.stop();
    }
  }

  /** Begins to time a request. */
  public Running begin(String method) {
    return begin(method, now());
  }

  /**
   * The same for who knows the time.
   *
   * @param now in {@link System#nanoTime}
   */
  public Running begin(String method, long now) {
    return new Running(method, now);
  }

  /** Records a request that was answered at once, or of which nobody would see that it runs. */
  public void answered(String method, int status, long tookNanos) {
    timer(method, status, null).record(tookNanos, TimeUnit.NANOSECONDS);
  }

  private long now() {
    return meters.config().clock().monotonicTime();
  }

  private LongTaskTimer active(String method) {
    LongTaskTimer known = active.get(method);
    if (known != null) {
      return known;
    }
    LongTaskTimer found = meters.more().longTaskTimer(ACTIVE, tags(method, OK, null));
    if (isOrdinary(method)) {
      active.put(method, found);
    }
    return found;
  }

  private Timer timer(String method, int status, @Nullable Exception failure) {
    Kind kind = new Kind(method, status);
    Timer known = failure == null ? answered.get(kind) : null;
    if (known != null) {
      return known;
    }
    List<Tag> tags = tags(method, status, failure);
    tags.add(Tag.of("error", nameOf(failure)));
    Timer found = meters.timer(ANSWERED, tags);
    if (failure == null && isOrdinary(method)) {
      answered.put(kind, found);
    }
    return found;
  }

  /** Whether it is one of a few methods; a client may send any word as one. */
  private static boolean isOrdinary(String method) {
    return switch (method) {
      case "GET", "HEAD", "PUT", "DELETE" -> true;
      default -> false;
    };
  }

  private static List<Tag> tags(String method, int status, @Nullable Exception failure) {
    List<Tag> tags = new ArrayList<>();
    tags.add(Tag.of("exception", nameOf(failure)));
    tags.add(Tag.of("method", METHODS.contains(method) ? method : "UNKNOWN"));
    tags.add(Tag.of("outcome", outcome(status)));
    tags.add(Tag.of("status", Integer.toString(status)));
    tags.add(Tag.of("uri", uri(status)));
    return tags;
  }

  private static String nameOf(@Nullable Exception failure) {
    return failure == null ? "none" : failure.getClass().getSimpleName();
  }

  private static String outcome(int status) {
    return switch (status / 100) {
      case 1 -> "INFORMATIONAL";
      case 2 -> "SUCCESS";
      case 3 -> "REDIRECTION";
      case 4 -> "CLIENT_ERROR";
      case 5 -> "SERVER_ERROR";
      default -> "UNKNOWN";
    };
  }

  /** As of every request that Spring MVC has no pattern for. */
  private static String uri(int status) {
    if (status / 100 == 3) {
      return "REDIRECTION";
    }
    return status == NOT_FOUND ? "NOT_FOUND" : "UNKNOWN";
  }
}
