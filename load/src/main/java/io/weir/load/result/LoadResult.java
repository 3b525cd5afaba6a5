package io.weir.load.result;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was recorded of one run, warm-up and load phase left out.
 *
 * @param format of the document; {@value #FORMAT} is the one that this class knows
 * @param name what the run is called in reports
 * @param startedAt when the measured time began
 * @param seconds that were measured
 * @param settings option and value, in the order in which they are to be shown
 * @param operations of each kind that occurred
 * @param timeline about one element a second
 * @param servers the cache servers that were asked
 * @param errors failed operations by kind, those that occurred; the faults that verification found
 *     are among them
 * @param reads of all servers together; in JSON, its components are those of the result
 * @param database null when the servers' metrics could not be read
 * @param verification null when it was not asked for
 * @param writes since the first one, warm-up and load phase included
 * @param target null in a closed loop
 */
public record LoadResult(
    int format,
    String name,
    Instant startedAt,
    double seconds,
    Map<String, String> settings,
    Environment environment,
    List<OperationResult> operations,
    List<Interval> timeline,
    List<ServerResult> servers,
    Map<String, Long> errors,
    @JsonUnwrapped Reads reads,
    @Nullable DatabaseResult database,
    @Nullable Verification verification,
    Writes writes,
    Generator generator,
    @Nullable Target target) {

  /** The format that this class is. */
  public static final int FORMAT = 1;

  /** Rejects what no run can have measured. */
  public LoadResult {
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "a result has format " + FORMAT + ", got " + format + "; another version wrote it");
    }
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("a result has positive seconds, got " + seconds);
    }
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    operations = List.copyOf(operations);
    timeline = List.copyOf(timeline);
    servers = List.copyOf(servers);
    errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
  }

  /** Number of successful operations. */
  public long succeeded() {
    return operations.stream().mapToLong(OperationResult::count).sum();
  }

  /** Number of failed operations. */
  public long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Successful operations a second. */
  public double throughput() {
    return succeeded() / seconds;
  }

  /** Response times of all operations together, in nanoseconds. */
  public Histogram responseTimes() {
    return HistogramText.sum(operations.stream().map(OperationResult::response).toList());
  }

  /** Service times of all operations together, in nanoseconds. */
  public Histogram serviceTimes() {
    return HistogramText.sum(operations.stream().map(OperationResult::service).toList());
  }
}
