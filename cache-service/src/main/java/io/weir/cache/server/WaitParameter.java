package io.weir.cache.server;

import io.weir.model.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** The parameter {@code timeout} of an endpoint: how long a request may wait for its outcome. */
final class WaitParameter {

  private static final Duration DEFAULT = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofHours(1);

  private WaitParameter() {}

  /** Reads it; what is wrong with it becomes a 400. */
  static Duration parse(@Nullable String timeout) {
    if (timeout == null) {
      return DEFAULT;
    }
    try {
      Duration wait = Durations.parse(timeout);
      if (wait.compareTo(LONGEST) <= 0) {
        return wait;
      }
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
    throw refused("it is at most " + LONGEST.toHours() + "h, got '" + timeout + "'");
  }

  private static InvalidEndpointRequestException refused(@Nullable String why) {
    return new InvalidEndpointRequestException("timeout: " + why, "timeout: " + why);
  }
}
