package io.weir.load.report;

import io.weir.load.result.DatabaseResult;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.result.Target;
import io.weir.load.result.Verification;
import io.weir.load.run.LoadPlan;
import io.weir.load.run.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A load's plan and result in words. */
public final class LoadText {

  private LoadText() {}

  /** The plan in one line, the seed included. */
  public static String plan(LoadPlan plan) {
    String keys =
        String.format(
            Locale.ROOT,
            "load: %d clients, %,d keys, values of %s",
            plan.clients(),
            plan.keys(),
            plan.workload().valueSizes());
    return switch (plan.phase()) {
      case LOAD -> keys + ", each inserted once";
      case RUN -> keys + operations(plan);
      case BOTH -> keys + ", each inserted once, then" + operations(plan).substring(1);
    };
  }

  private static String operations(LoadPlan plan) {
    return String.format(
        Locale.ROOT,
        ", %s, %s, %s, seed %d, %s warm-up, %s",
        plan.workload().mix(),
        plan.workload().popularity(),
        pace(plan.pace()),
        plan.seed(),
        time(plan.warmup()),
        time(plan.duration()));
  }

  private static String pace(Pace pace) {
    return switch (pace) {
      case Pace.Closed closed ->
          closed.thinkTime().isZero()
              ? "closed loop"
              : "closed loop with " + time(closed.thinkTime()) + " to think";
      case Pace.Open open ->
          String.format(Locale.ROOT, "%,.0f/s %s", open.ratePerSecond(), open.arrivals());
    };
  }

  /** The result, several lines. */
  public static String result(LoadResult result) {
    StringBuilder text = new StringBuilder();
    Target target = result.target();
    line(
        text,
        "%,.0f operations/s%s (%,d in %.1f s)",
        result.throughput(),
        target == null
            ? ""
            : String.format(Locale.ROOT, " of %,.0f %s", target.ratePerSecond(), target.arrivals()),
        result.succeeded(),
        result.seconds());
    text.append(latencies(result));
    Double hitRatio = result.reads().hitRatio();
    line(
        text,
        "hit ratio %s, %,d reads found no entry",
        hitRatio == null ? "not reported" : String.format(Locale.ROOT, "%.1f%%", hitRatio * 100),
        result.reads().absentReads());
    line(
        text,
        "writes acknowledged %,d, outcome unknown %,d (with those before the measurement)",
        result.writes().acknowledged(),
        result.writes().ambiguous());
    DatabaseResult database = result.database();
    if (database != null) {
      line(
          text,
          "databases: %,d writes came in, %,d rows in %,d transactions%s went out, %,d writes were"
              + " coalesced",
          database.writes(),
          database.rows(),
          database.transactions(),
          database.statements() == null
              ? ""
              : String.format(Locale.ROOT, " of %,d statements", database.statements()),
          database.coalesced());
    }
    line(text, "errors %s", result.errors().isEmpty() ? "none" : errors(result));
    Verification verification = result.verification();
    if (verification != null) {
      line(
          text,
          "verified %,d reads: %,d stale, %,d corrupt, %,d missing",
          verification.checkedReads(),
          verification.staleReads(),
          verification.corruptReads(),
          verification.missingReads());
      verification.examples().forEach(each -> line(text, "  %s", each));
    }
    line(text, "%s", result.generator().verdict());
    return text.toString();
  }

  /** Response times; in an open loop the service times below them. */
  private static String latencies(LoadResult result) {
    TextTable table =
        new TextTable(
            List.of("", "per s", "p50", "p95", "p99", "p99.9", "max", "operations", "errors"));
    boolean open = result.target() != null;
    for (OperationResult each : result.operations()) {
      row(table, result, each, each.operation(), each.responseTimes());
      if (open) {
        row(table, result, null, "  from sending", each.serviceTimes());
      }
    }
    return (open ? "response times, from when an operation was due" + System.lineSeparator() : "")
        + table;
  }

  private static void row(
      TextTable table,
      LoadResult result,
      @Nullable OperationResult counts,
      String name,
      Histogram times) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(
        counts == null
            ? ""
            : String.format(Locale.ROOT, "%,.0f", counts.count() / result.seconds()));
    for (double percentile : new double[] {50, 95, 99, 99.9, 100}) {
      cells.add(time(times.getValueAtPercentile(percentile) / 1e3));
    }
    cells.add(counts == null ? "" : String.format(Locale.ROOT, "%,d", counts.count()));
    cells.add(counts == null ? "" : String.format(Locale.ROOT, "%,d", counts.errors()));
    table.add(cells);
  }

  /** A latency with a unit that suits it. */
  public static String time(double micros) {
    if (micros < 1_000) {
      return String.format(Locale.ROOT, "%.0f us", micros);
    }
    return micros < 1_000_000
        ? String.format(Locale.ROOT, "%.2f ms", micros / 1_000)
        : String.format(Locale.ROOT, "%.2f s", micros / 1_000_000);
  }

  private static String errors(LoadResult result) {
    StringBuilder text = new StringBuilder();
    result
        .errors()
        .forEach((kind, count) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(String.format(Locale.ROOT, "%s %,d", kind, count)));
    return text.toString();
  }

  private static String time(Duration time) {
    long millis = time.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation is no dependency of this module.
  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }
}
