package io.weir.load.report;

import io.weir.load.result.DatabaseResult;
import io.weir.load.result.Environment;
import io.weir.load.result.Generator;
import io.weir.load.result.HistogramText;
import io.weir.load.result.Interval;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.result.Reads;
import io.weir.load.result.ServerResult;
import io.weir.load.result.Target;
import io.weir.load.result.Verification;
import io.weir.load.result.Writes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Results that no load has measured, made of a seed. */
public final class Results {

  private static final int PER_SECOND = 2_000;
  private static final long STALL_NANOS = 1_000_000_000L;

  private final SplittableRandom random;
  private String name = "a run";
  private int seconds = 20;
  private double factor = 1;
  private @Nullable Target target;
  private Map<String, Long> errors = Map.of();
  private @Nullable Verification verification;
  private @Nullable DatabaseResult database = new DatabaseResult(4_321, 1_234, 17, 51L, 3_087);
  private boolean limited;
  private final Map<String, String> settings = new LinkedHashMap<>();

  private Results(long seed) {
    random = new SplittableRandom(seed);
    settings.put("--clients", "32");
    settings.put("--keys", "100000");
  }

  public static Results result(long seed) {
    return new Results(seed);
  }

  public Results named(String given) {
    name = given;
    return this;
  }

  /** How much longer than usual everything takes. */
  public Results slowerBy(double given) {
    factor = given;
    return this;
  }

  /** At a rate, with a second in which the server stood still. */
  public Results openLoop() {
    target = new Target(PER_SECOND, "poisson");
    return this;
  }

  public Results errors(Map<String, Long> given) {
    errors = given;
    return this;
  }

  public Results verified(Verification given) {
    verification = given;
    return this;
  }

  public Results withoutMetrics() {
    database = null;
    return this;
  }

  public Results limited() {
    limited = true;
    return this;
  }

  public Results setting(String option, String value) {
    settings.put(option, value);
    return this;
  }

  public LoadResult make() {
    Map<String, Histogram> response = new LinkedHashMap<>();
    Map<String, Histogram> service = new LinkedHashMap<>();
    List<Interval> timeline = new ArrayList<>();
    long hits = 0;
    long misses = 0;
    for (int second = 1; second <= seconds; second++) {
      Map<String, Long> counts = new LinkedHashMap<>();
      Histogram responses = HistogramText.empty();
      Histogram services = HistogramText.empty();
      for (int i = 0; i < PER_SECOND / factor; i++) {
        String kind = random.nextDouble() < 0.9 ? "read" : "update";
        long nanos = (long) ((200_000 - 90_000 * Math.log(random.nextDouble())) * factor);
        boolean stalled = target != null && second == seconds / 2;
        long waited = stalled ? nanos + (long) (STALL_NANOS * random.nextDouble()) : nanos;
        counts.merge(kind, 1L, Long::sum);
        for (Histogram each : List.of(of(response, kind), responses)) {
          each.recordValue(waited);
        }
        for (Histogram each : List.of(of(service, kind), services)) {
          each.recordValue(nanos);
        }
      }
      long reads = counts.get("read");
      long hit = Math.round(reads * (0.9 - 0.4 / second));
      hits += hit;
      misses += reads - hit;
      timeline.add(
          new Interval(
              second,
              1,
              counts,
              0,
              hit,
              reads - hit,
              HistogramText.encode(responses),
              HistogramText.encode(services),
              random.nextDouble(),
              0.4));
    }
    List<OperationResult> operations = new ArrayList<>();
    response.forEach((kind, times) ->
        operations.add(
            new OperationResult(
                kind,
                times.getTotalCount(),
                0,
                HistogramText.encode(times),
                HistogramText.encode(of(service, kind)))));
    return new LoadResult(
        LoadResult.FORMAT,
        name,
        Instant.parse("2026-11-25T08:00:00.123Z"),
        seconds,
        settings,
        new Environment(
            "0.1.0", "25.0.1", "Linux 6.1", "A Processor", 4, List.of("http://127.0.0.1:7400")),
        operations,
        timeline,
        List.of(
            new ServerResult(
                "cache-1",
                "http://127.0.0.1:7401",
                hits + misses,
                3,
                hits,
                misses,
                HistogramText.encode(of(service, "read")))),
        errors,
        Reads.of(hits, misses, 77),
        database,
        verification,
        new Writes(5_432, 2),
        new Generator(
            0.41, 0.35, 2, 0.123, 4.56, limited, limited ? "it was the limit" : "it was not"),
        target);
  }

  private static Histogram of(Map<String, Histogram> all, String kind) {
    return all.computeIfAbsent(kind, _ -> HistogramText.empty());
  }
}
