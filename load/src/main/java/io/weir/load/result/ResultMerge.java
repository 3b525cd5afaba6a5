package io.weir.load.result;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Makes one result of those of several processes that loaded one cluster at the same time.
 *
 * <p>Histograms and counts are added, so that percentiles are those of all operations together, not
 * means of percentiles. The measured time is the whole from the first start to the last end; the
 * clocks of the machines are taken to agree.
 */
public final class ResultMerge {

  private static final String CLIENT_ID = "--client-id";

  /** Settings of which each process has a part. */
  private static final Set<String> PARTS = Set.of("--clients", "--threads", "--rate");

  /** Settings that do not say what was asked of the cluster. The time in common is judged apart. */
  private static final Set<String> OWN =
      Set.of(CLIENT_ID, "--seed", "--timeout", "--verify", "--warmup", "--duration");

  private final List<LoadResult> results;
  private final Instant start;
  private final double seconds;

  /**
   * @throws IllegalArgumentException when the results cannot be of one load
   */
  public ResultMerge(List<LoadResult> results) {
    if (results.isEmpty()) {
      throw new IllegalArgumentException("there is no result to merge");
    }
    Set<String> ids = new HashSet<>();
    for (LoadResult each : results) {
      String id = each.settings().get(CLIENT_ID);
      if (id != null && !ids.add(id)) {
        throw new IllegalArgumentException(
            "two results are both of " + CLIENT_ID + " " + id + ": they wrote the same keys");
      }
    }
    if (new HashSet<>(results).size() < results.size()) {
      throw new IllegalArgumentException("a result is there twice");
    }
    List<String> unlike = unlike(results);
    if (!unlike.isEmpty()) {
      throw new IllegalArgumentException(
          "the results are not of one load: they differ in " + String.join(", ", unlike));
    }
    if (ids.stream().map(id -> id.replaceFirst(".*/", "")).distinct().count() > 1) {
      throw new IllegalArgumentException(
          "the results are of processes that shared the keys in different ways: "
              + CLIENT_ID
              + " "
              + ids.stream().sorted().collect(Collectors.joining(", ")));
    }
    this.results = List.copyOf(results);
    this.start = results.stream().map(LoadResult::startedAt).min(Comparator.naturalOrder()).get();
    this.seconds =
        results.stream().mapToDouble(each -> offset(each) + each.seconds()).max().getAsDouble();
  }

  /** The settings that all processes of a load have alike, and these have not. */
  private static List<String> unlike(List<LoadResult> results) {
    Set<String> options = new LinkedHashSet<>();
    results.forEach(each -> options.addAll(each.settings().keySet()));
    options.removeAll(OWN);
    return options.stream()
        .filter(option ->
            results.stream().map(each -> settingOf(each, option)).collect(Collectors.toSet()).size()
                > 1)
        .toList();
  }

  /** Of what each has a part of, only whether it is there. */
  private static String settingOf(LoadResult result, String option) {
    String value = result.settings().get(option);
    return value == null ? "" : PARTS.contains(option) ? "its part" : value;
  }

  /** How many processes there were, of which no result is here; 0 when they do not say. */
  public int missing() {
    String id = results.getFirst().settings().get(CLIENT_ID);
    return id == null ? 0 : Integer.parseInt(id.replaceFirst(".*/", "")) - results.size();
  }

  private double offset(LoadResult result) {
    return Duration.between(start, result.startedAt()).toNanos() / 1e9;
  }

  /** Share of the whole time in which all processes measured; 1 is all of it. */
  public double overlap() {
    double from = results.stream().mapToDouble(this::offset).max().orElse(0);
    double to = results.stream().mapToDouble(each -> offset(each) + each.seconds()).min().orElse(0);
    return Math.max(0, to - from) / seconds;
  }

  /** Whether every process said which of how many it was, so that none wrote another's keys. */
  public boolean isShared() {
    return results.size() == 1
        || results.stream().allMatch(each -> each.settings().containsKey(CLIENT_ID));
  }

  /** The result of all. */
  public LoadResult merge(String name) {
    Map<String, Long> errors = new LinkedHashMap<>();
    results.forEach(each -> each.errors().forEach((kind, n) -> errors.merge(kind, n, Long::sum)));
    return new LoadResult(
        LoadResult.FORMAT,
        name,
        start,
        seconds,
        settings(),
        environment(),
        operations(),
        timeline(),
        servers(),
        errors,
        Reads.of(
            sum(each -> each.reads().hits()),
            sum(each -> each.reads().misses()),
            sum(each -> each.reads().absentReads())),
        database(),
        verification(),
        new Writes(
            sum(each -> each.writes().acknowledged()), sum(each -> each.writes().ambiguous())),
        generator(),
        target());
  }

  private long sum(ToLongFunction<LoadResult> figure) {
    return results.stream().mapToLong(figure).sum();
  }

  private Map<String, String> settings() {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    results.forEach(each ->
        each.settings()
            .forEach((option, value) ->
                values.computeIfAbsent(option, _ -> new LinkedHashSet<>()).add(value)));
    Map<String, String> merged = new LinkedHashMap<>();
    values.forEach((option, all) ->
        merged.put(option, PARTS.contains(option) ? total(option) : String.join(", ", all)));
    return merged;
  }

  private String total(String option) {
    double total =
        results.stream()
            .map(each -> each.settings().getOrDefault(option, "0"))
            .mapToDouble(Double::parseDouble)
            .sum();
    return total == Math.rint(total) ? String.valueOf((long) total) : String.valueOf(total);
  }

  private Environment environment() {
    return new Environment(
        distinct(each -> each.environment().weirVersion()),
        distinct(each -> each.environment().javaVersion()),
        distinct(each -> each.environment().os()),
        distinct(each -> each.environment().cpu()),
        results.stream().mapToInt(each -> each.environment().cores()).max().orElse(0),
        results.stream()
            .flatMap(each -> each.environment().masterUrls().stream())
            .distinct()
            .toList());
  }

  private String distinct(Function<LoadResult, String> figure) {
    return results.stream().map(figure).distinct().collect(Collectors.joining(", "));
  }

  private List<OperationResult> operations() {
    Map<String, List<OperationResult>> byName = new LinkedHashMap<>();
    for (LoadResult result : results) {
      for (OperationResult each : result.operations()) {
        byName.computeIfAbsent(each.operation(), _ -> new ArrayList<>()).add(each);
      }
    }
    List<OperationResult> merged = new ArrayList<>();
    byName.forEach((operation, parts) ->
        merged.add(
            new OperationResult(
                operation,
                parts.stream().mapToLong(OperationResult::count).sum(),
                parts.stream().mapToLong(OperationResult::errors).sum(),
                sum(parts.stream().map(OperationResult::response).toList()),
                sum(parts.stream().map(OperationResult::service).toList()))));
    return merged;
  }

  private static String sum(List<String> histograms) {
    return HistogramText.encode(HistogramText.sum(histograms));
  }

  /** Seconds of the common clock; an interval belongs to the one that its middle lies in. */
  private List<Interval> timeline() {
    Map<Integer, List<Interval>> bySecond = new TreeMap<>();
    for (LoadResult result : results) {
      for (Interval each : result.timeline()) {
        double middle = offset(result) + each.atSeconds() - each.seconds() / 2;
        bySecond.computeIfAbsent((int) middle, _ -> new ArrayList<>()).add(each);
      }
    }
    List<Interval> merged = new ArrayList<>();
    bySecond.forEach((second, parts) -> merged.add(interval(second, parts)));
    return merged;
  }

  private static Interval interval(int second, List<Interval> parts) {
    Map<String, Long> counts = new LinkedHashMap<>();
    parts.forEach(each -> each.counts().forEach((kind, n) -> counts.merge(kind, n, Long::sum)));
    return new Interval(
        second + 1,
        1,
        counts,
        parts.stream().mapToLong(Interval::errors).sum(),
        parts.stream().mapToLong(Interval::hits).sum(),
        parts.stream().mapToLong(Interval::misses).sum(),
        sum(parts.stream().map(Interval::response).toList()),
        sum(parts.stream().map(Interval::service).toList()),
        parts.stream().mapToDouble(Interval::maxLagMillis).max().orElse(0),
        parts.stream().mapToDouble(Interval::cores).sum());
  }

  private List<ServerResult> servers() {
    Map<String, ServerResult> byUrl = new LinkedHashMap<>();
    for (LoadResult result : results) {
      for (ServerResult each : result.servers()) {
        byUrl.merge(each.url(), each, ResultMerge::add);
      }
    }
    return byUrl.values().stream().sorted(Comparator.comparing(ServerResult::nodeId)).toList();
  }

  private static ServerResult add(ServerResult a, ServerResult b) {
    Histogram service = a.serviceTimes();
    service.add(b.serviceTimes());
    return new ServerResult(
        a.nodeId(),
        a.url(),
        a.requests() + b.requests(),
        a.errors() + b.errors(),
        a.hits() + b.hits(),
        a.misses() + b.misses(),
        HistogramText.encode(service));
  }

  /** Each process has read the counters of all servers: the largest is of the longest time. */
  private @Nullable DatabaseResult database() {
    return results.stream()
        .map(LoadResult::database)
        .filter(each -> each != null)
        .max(Comparator.comparingLong(DatabaseResult::writes))
        .orElse(null);
  }

  private @Nullable Verification verification() {
    List<Verification> all = new ArrayList<>();
    for (LoadResult each : results) {
      if (each.verification() != null) {
        all.add(each.verification());
      }
    }
    return all.isEmpty()
        ? null
        : new Verification(
            all.stream().mapToLong(Verification::checkedReads).sum(),
            all.stream().mapToLong(Verification::staleReads).sum(),
            all.stream().mapToLong(Verification::corruptReads).sum(),
            all.stream().mapToLong(Verification::missingReads).sum(),
            all.stream().flatMap(each -> each.examples().stream()).toList());
  }

  private Generator generator() {
    List<Generator> all = results.stream().map(LoadResult::generator).toList();
    boolean limited = all.stream().anyMatch(Generator::limited);
    return new Generator(
        all.stream().mapToDouble(Generator::cores).sum(),
        all.stream().mapToDouble(Generator::busiestLoop).max().orElse(0),
        all.stream().mapToInt(Generator::threads).sum(),
        all.stream().mapToDouble(Generator::p99LagMillis).max().orElse(0),
        all.stream().mapToDouble(Generator::maxLagMillis).max().orElse(0),
        limited,
        all.stream()
            .filter(each -> each.limited() == limited)
            .map(Generator::verdict)
            .distinct()
            .collect(Collectors.joining(" ")));
  }

  private @Nullable Target target() {
    double rate = 0;
    Set<String> arrivals = new LinkedHashSet<>();
    for (LoadResult each : results) {
      Target target = each.target();
      if (target == null) {
        return null;
      }
      rate += target.ratePerSecond();
      arrivals.add(target.arrivals());
    }
    return new Target(rate, String.join(", ", arrivals));
  }
}
