package io.weir.lab.sweep;

import io.weir.load.report.TextTable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A sweep in words, and as comma-separated values. */
public final class SweepText {

  private SweepText() {}

  /** What is measured next, and how long all may take yet. */
  static String heading(SweepPlan plan, SweepPlan.Cell cell, int index, @Nullable Duration left) {
    return String.format(
        Locale.ROOT,
        "run %d of %d: theta %s, cache of %s (%,d entries), %s%s",
        index + 1,
        plan.cells().size(),
        cell.theta(),
        cell.capacity(),
        plan.entriesOfServer(cell.capacity()) * plan.shards(),
        cell.policy(),
        left == null ? "" : ", about " + time(left) + " left");
  }

  /** What one run has given. */
  static String line(SweepCell cell) {
    return String.format(
        Locale.ROOT,
        "  hit ratio %.4f, exact LRU %.4f; %,.0f op/s, p99 %.2f ms, %.3f statements/op",
        cell.hitRatios().cache(),
        cell.hitRatios().lru(),
        cell.speed().throughput(),
        cell.speed().p99Millis(),
        cell.database().statementsPerOperation());
  }

  /** All runs. */
  public static String table(SweepResult result) {
    TextTable table =
        new TextTable(
            List.of(
                "theta",
                "cache",
                "policy",
                "entries",
                "hit ratio",
                "exact LRU",
                "difference",
                "op/s",
                "p50",
                "p99",
                "statements/op",
                "errors"));
    for (SweepCell cell : result.cells()) {
      table.add(
          List.of(
              Double.toString(cell.setting().theta()),
              new Capacity(cell.setting().capacity()).toString(),
              cell.setting().policy(),
              String.format(Locale.ROOT, "%,d", cell.setting().entries()),
              String.format(Locale.ROOT, "%.4f", cell.hitRatios().cache()),
              String.format(Locale.ROOT, "%.4f", cell.hitRatios().lru()),
              String.format(Locale.ROOT, "%+.4f", cell.hitRatios().difference()),
              String.format(Locale.ROOT, "%,.0f", cell.speed().throughput()),
              String.format(Locale.ROOT, "%.2f ms", cell.speed().p50Millis()),
              String.format(Locale.ROOT, "%.2f ms", cell.speed().p99Millis()),
              String.format(Locale.ROOT, "%.3f", cell.database().statementsPerOperation()),
              String.format(Locale.ROOT, "%,d", cell.counted().errors())));
    }
    return table.toString();
  }

  /** What makes the figures doubtful, a sentence a line. */
  public static String notes(SweepResult result) {
    StringBuilder text = new StringBuilder();
    long limited = result.cells().stream().filter(SweepCell::generatorLimited).count();
    if (limited > 0) {
      note(text, "in " + limited + " of the runs the generator was the limit, not the cluster");
    }
    long partial = result.cells().stream().filter(cell -> !cell.setting().full()).count();
    if (partial > 0) {
      note(text, "in " + partial + " of the runs the load does not fill the cache");
    }
    return text.toString();
  }

  /** All runs and figures, with a line of headings. */
  public static String csv(SweepResult result) {
    StringBuilder text =
        new StringBuilder(
            "theta,capacity,policy,entries,stripes,full,seconds,operations,errors,hit_ratio,"
                + "lru_hit_ratio,throughput,p50_ms,p99_ms,p999_ms,database_reads,database_writes,"
                + "statements_per_operation,generator_limited\n");
    for (SweepCell cell : result.cells()) {
      text.append(
          String.join(
              ",",
              List.of(
                  Double.toString(cell.setting().theta()),
                  Double.toString(cell.setting().capacity()),
                  cell.setting().policy(),
                  Integer.toString(cell.setting().entries()),
                  Integer.toString(cell.setting().stripes()),
                  Boolean.toString(cell.setting().full()),
                  Double.toString(cell.counted().seconds()),
                  Long.toString(cell.counted().operations()),
                  Long.toString(cell.counted().errors()),
                  Double.toString(cell.hitRatios().cache()),
                  Double.toString(cell.hitRatios().lru()),
                  Double.toString(cell.speed().throughput()),
                  Double.toString(cell.speed().p50Millis()),
                  Double.toString(cell.speed().p99Millis()),
                  Double.toString(cell.speed().p999Millis()),
                  Long.toString(cell.database().reads()),
                  Long.toString(cell.database().writes()),
                  Double.toString(cell.database().statementsPerOperation()),
                  Boolean.toString(cell.generatorLimited()))));
      text.append('\n');
    }
    return text.toString();
  }

  private static void note(StringBuilder text, String note) {
    text.append("Note: ").append(note).append('.').append(System.lineSeparator());
  }

  private static String time(Duration left) {
    return left.toSeconds() < 90
        ? Math.max(1, left.toSeconds()) + " s"
        : left.plusSeconds(30).toMinutes() + " min";
  }
}
