package io.weir.load.run;

import io.weir.load.result.LoadResult;
import io.weir.load.result.Verification;
import io.weir.load.threshold.Objective;
import io.weir.load.verify.WriteLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan in an open loop at one rate after the other, until the highest one is found that
 * keeps the objectives.
 */
public final class MaxRateSearch {

  /** A rate that is not reached to this share has not been kept, however good the latencies. */
  private static final double REACHED = 0.95;

  /** In the first step everything is cold, the generator too; what it misses is not tried again. */
  private static final int FIRST_WARMUP_FACTOR = 4;

  private final LoadPlan plan;
  private final Arrivals arrivals;
  private final List<Objective> objectives;
  private final BiFunction<LoadPlan, WriteLog, LoadRun> runs;
  private final Consumer<String> lines;
  private final WriteLog log;
  private final RateSearch<LoadResult> search = new RateSearch<>(this::at, this::tell);
  private final List<RateSearch.Step<LoadResult>> steps = new ArrayList<>();
  private @Nullable LoadResult last;
  private volatile boolean stopping;
  private volatile @Nullable LoadRun running;

  /**
   * @param runs makes the run of a plan, with a log
   * @param lines told of each step
   */
  public MaxRateSearch(
      LoadPlan plan,
      Arrivals arrivals,
      List<Objective> objectives,
      BiFunction<LoadPlan, WriteLog, LoadRun> runs,
      Consumer<String> lines) {
    this.plan = plan;
    this.arrivals = arrivals;
    this.objectives = objectives;
    this.runs = runs;
    this.lines = lines;
    this.log = LoadRun.newLog(plan);
  }

  /**
   * Searches, once, from a first rate on; {@link #result} and {@link #verdict} say what came of it.
   */
  public RateSearch.Found<LoadResult> from(double firstRate) throws InterruptedException {
    return search.from(firstRate);
  }

  /** Ends the search after what is being tried now, which is cut short. */
  public void stop() {
    stopping = true;
    search.stop();
    LoadRun now = running;
    if (now != null) {
      now.stop();
    }
  }

  /** What was acknowledged, at all rates together. */
  public WriteLog log() {
    return log;
  }

  private RateSearch.Outcome<LoadResult> at(double rate) throws InterruptedException {
    boolean first = steps.isEmpty();
    Pace.Open pace = new Pace.Open(rate, arrivals);
    LoadRun run =
        runs.apply(
            plan.toBuilder()
                .pace(pace)
                .seed(plan.seed() + steps.size()) // Others' keys: the last ones are cached.
                .phase(first ? plan.phase() : Phase.RUN)
                .warmup(first ? plan.warmup().multipliedBy(FIRST_WARMUP_FACTOR) : plan.warmup())
                .build(),
            log);
    running = run;
    if (stopping) {
      run.stop(); // The signal came before the run was known.
    }
    LoadResult result = run.run();
    last = result;
    boolean reached = result.throughput() >= pace.atLeast(REACHED, result.seconds());
    boolean kept = objectives.stream().allMatch(each -> each.isKept(result));
    return new RateSearch.Outcome<>(result, reached && kept, result.generator().limited());
  }

  private void tell(RateSearch.Step<LoadResult> step) {
    steps.add(step);
    LoadResult result = step.outcome().result();
    lines.accept(
        String.format(
            Locale.ROOT,
            "%2d. %,9.0f/s  %-9s  reached %,.0f/s, %s%s",
            step.number(),
            step.ratePerSecond(),
            step.outcome().good() ? "kept" : step.outcome().limited() ? "generator" : "missed",
            result.throughput(),
            reached(result),
            wrongReads(result) == 0 ? "" : String.format(", %,d wrong reads", wrongReads(result))));
  }

  /** Reads that returned what they must not, at all rates together. */
  public long wrongReads() {
    return steps.stream().mapToLong(each -> wrongReads(each.outcome().result())).sum();
  }

  private static long wrongReads(LoadResult result) {
    Verification verification = result.verification();
    return verification == null ? 0 : verification.wrong();
  }

  private String reached(LoadResult result) {
    return objectives.stream().map(each -> each.reached(result)).collect(Collectors.joining(", "));
  }

  /** The result at the rate that was found, or else at the one tried last. */
  public LoadResult result(RateSearch.Found<LoadResult> found) {
    RateSearch.Step<LoadResult> best = found.best();
    return best != null ? best.outcome().result() : Objects.requireNonNull(last);
  }

  /** What was found, in a sentence. */
  public String verdict(RateSearch.Found<LoadResult> found) {
    String wanted = objectives.stream().map(Objective::toString).collect(Collectors.joining(", "));
    RateSearch.Step<LoadResult> best = found.best();
    String limit =
        found.limitedByGenerator()
            ? "; beyond that the generator was the limit, so the cluster may do more"
            : "";
    return best == null
        ? "no rate that was tried keeps " + wanted + limit
        : String.format(
            Locale.ROOT,
            "%,.0f operations a second keep %s (%s)%s",
            best.ratePerSecond(),
            wanted,
            reached(best.outcome().result()),
            limit);
  }

  /** The search as a part of a document. */
  public Map<String, Object> document(RateSearch.Found<LoadResult> found) {
    RateSearch.Step<LoadResult> best = found.best();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("objectives", objectives.stream().map(Objective::toString).toList());
    document.put("ratePerSecond", best == null ? null : best.ratePerSecond());
    document.put("limitedByGenerator", found.limitedByGenerator());
    document.put("steps", steps.stream().map(this::step).toList());
    return document;
  }

  private Map<String, Object> step(RateSearch.Step<LoadResult> step) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("ratePerSecond", step.ratePerSecond());
    document.put("good", step.outcome().good());
    document.put("limited", step.outcome().limited());
    document.put("throughput", step.outcome().result().throughput());
    document.put("reached", reached(step.outcome().result()));
    document.put("wrongReads", wrongReads(step.outcome().result()));
    return document;
  }
}
