package io.weir.cache.web;

import io.weir.model.ByteSize;
import io.weir.web.Bounds;
import io.weir.web.StartupRefusedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The bound of all requests under way together.
 *
 * @param maxBytesInFlight most bytes that requests with a body may take together, a value counted
 *     twice, a batch four times and the values that it reads twice, as they come; beyond, a request
 *     waits for a moment and gets 503. An eighth is left to values of up to 4 KiB. Values that are
 *     being read take half as much besides. By default a sixth of the heap, and no less than one
 *     largest batch needs
 * @param minRate bytes a second that a client must send of a body, and take of an answer; who is
 *     slower gets 408, or is cut off. 0 for none
 * @param grace how long a body or an answer may be slower than {@code weir.requests.min-rate}
 */
@Validated
@ConfigurationProperties(prefix = "weir.requests", ignoreUnknownFields = false)
public record RequestSettings(
    @Nullable ByteSize maxBytesInFlight,
    @DefaultValue("4KiB") ByteSize minRate,
    @DefaultValue("10s") Duration grace) {

  private static final ByteSize MOST = ByteSize.parse("1TiB");

  /** As long as a write waits for dirty data to become less. */
  private static final Duration MAX_WAIT = Duration.ofMillis(250);

  public RequestSettings {
    if (maxBytesInFlight != null) {
      Bounds.require(
          maxBytesInFlight.compareTo(MOST) <= 0,
          "weir.requests.max-bytes-in-flight",
          maxBytesInFlight,
          "at most " + MOST);
    }
    Bounds.time("weir.requests.grace", grace, Duration.ofMillis(100));
  }

  LeastRate leastRate() {
    return new LeastRate(minRate, grace);
  }

  /**
   * The budget for requests of these largest sizes.
   *
   * @throws StartupRefusedException when one of them would never fit
   */
  public RequestBudget budget(ByteSize maxValueSize, BatchSettings batches) {
    ByteSize least = RequestBudget.least(maxValueSize, batches.maxSize(), batches.maxOperations());
    if (maxBytesInFlight != null && maxBytesInFlight.compareTo(least) < 0) {
      throw new StartupRefusedException(
          "weir.requests.max-bytes-in-flight is "
              + maxBytesInFlight
              + ", it must be at least "
              + least
              + ": what the largest request takes, with weir.batch.max-size at "
              + batches.maxSize()
              + " and weir.max-value-size at "
              + maxValueSize);
    }
    return new RequestBudget(
        maxBytesInFlight != null ? maxBytesInFlight : RequestBudget.standard(least), MAX_WAIT);
  }
}
