package io.weir.load.result;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * About a second of a run.
 *
 * @param atSeconds its end, since the measured start
 * @param seconds its length
 * @param counts successful operations by kind
 * @param response of all kinds together, as in {@link OperationResult}
 * @param service likewise
 * @param maxLagMillis how late the generator was at most
 * @param cores that the generator's process used
 */
public record Interval(
    double atSeconds,
    double seconds,
    Map<String, Long> counts,
    long errors,
    long hits,
    long misses,
    String response,
    String service,
    double maxLagMillis,
    double cores) {

  public Interval {
    counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
  }

  /** Number of successful operations. */
  public long succeeded() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The response times, decoded. */
  public Histogram responseTimes() {
    return HistogramText.decode(response);
  }

  /** The service times, decoded. */
  public Histogram serviceTimes() {
    return HistogramText.decode(service);
  }
}
