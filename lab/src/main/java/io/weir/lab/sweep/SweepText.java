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
        "run %d of %d: theta %s, cache of %s (%,d entries)%s",
        index + 1,
        plan.cells().size(),
        cell.theta(),
        cell.capacity(),
        plan.entriesOfServer(cell.capacity()) * plan.shards(),
        left == null ? "" : ", about " + time(left) + " left");
  }

  /** What one run has given. */
  static String line(SweepCell cell) {
    return String.format(
        Locale.ROOT,
        "  hit ratio %.4f, exact LRU %.4f; %,.0f op/s, p99 %.2f ms, %.3f statements/op",
        cell.hitRatio(),
        cell.lruHitRatio(),
        cell.throughput(),
        cell.p99Millis(),
        cell.statementsPerOperation());
  }

  /** All runs. */
  public static String table(SweepResult result) {
    TextTable table =
        new TextTable(
            List.of(
                "theta",
                "cache",
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
              Double.toString(cell.theta()),
              new Capacity(cell.capacity()).toString(),
              String.format(Locale.ROOT, "%,d", cell.entries()),
              String.format(Locale.ROOT, "%.4f", cell.hitRatio()),
              String.format(Locale.ROOT, "%.4f", cell.lruHitRatio()),
              String.format(Locale.ROOT, "%+.4f", cell.hitRatio() - cell.lruHitRatio()),
              String.format(Locale.ROOT, "%,.0f", cell.throughput()),
              String.format(Locale.ROOT, "%.2f ms", cell.p50Millis()),
              String.format(Locale.ROOT, "%.2f ms", cell.p99Millis()),
              String.format(Locale.ROOT, "%.3f", cell.statementsPerOperation()),
              String.format(Locale.ROOT, "%,d", cell.errors())));
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
    long partial = result.cells().stream().filter(cell -> !cell.full()).count();
    if (partial > 0) {
      note(text, "in " + partial + " of the runs the load does not fill the cache");
    }
    return text.toString();
  }

  /** All runs and figures, with a line of headings. */
  public static String csv(SweepResult result) {
    StringBuilder text =
        new StringBuilder(
            "theta,capacity,entries,stripes,full,seconds,operations,errors,hit_ratio,"
                + "lru_hit_ratio,throughput,p50_ms,p99_ms,p999_ms,database_reads,database_writes,"
                + "statements_per_operation,generator_limited\n");
    for (SweepCell cell : result.cells()) {
      text.append(
          String.join(
              ",",
              List.of(
                  Double.toString(cell.theta()),
                  Double.toString(cell.capacity()),
                  Integer.toString(cell.entries()),
                  Integer.toString(cell.stripes()),
                  Boolean.toString(cell.full()),
                  Double.toString(cell.seconds()),
                  Long.toString(cell.operations()),
                  Long.toString(cell.errors()),
                  Double.toString(cell.hitRatio()),
                  Double.toString(cell.lruHitRatio()),
                  Double.toString(cell.throughput()),
                  Double.toString(cell.p50Millis()),
                  Double.toString(cell.p99Millis()),
                  Double.toString(cell.p999Millis()),
                  Long.toString(cell.databaseReads()),
                  Long.toString(cell.databaseWrites()),
                  Double.toString(cell.statementsPerOperation()),
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
