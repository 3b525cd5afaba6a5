package io.weir.lab.demo;

import io.weir.load.report.LoadText;
import io.weir.load.report.TextTable;
import io.weir.load.result.DatabaseResult;
import io.weir.load.result.Environment;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.run.LoadPlan;
import io.weir.model.Spared;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What a demo does and has measured, in words: what the database was spared stands first. */
final class MeasurementText {

  private static final String INDENT = "  ";
  private static final double[] PERCENTILES = {50, 99, 99.9};

  private MeasurementText() {}

  /** What will be done, in one line, the seed included. */
  static String plan(LoadPlan plan) {
    return line(
        "load: %d clients, %,d keys, values of %s, %s, %s, seed %d, %d s of it measured",
        plan.clients(),
        plan.keys(),
        plan.workload().valueSizes(),
        plan.workload().mix(),
        plan.workload().popularity(),
        plan.seed(),
        plan.duration().toSeconds());
  }

  /** What was measured, several lines. */
  static String of(Measurement measured) {
    List<String> lines = new ArrayList<>();
    spared(lines, measured);
    highest(lines, measured.closed());
    latencies(lines, measured.open());
    lines.add("machine: " + machine(measured.closed().environment()));
    lines.add(INDENT + "warmed up for " + measured.warmUp());
    return String.join(System.lineSeparator(), lines);
  }

  private static void spared(List<String> lines, Measurement measured) {
    MysqlCounters.Count mysql = measured.mysql();
    lines.add(line("what %s was spared:", mysql == null ? "the database" : "MySQL"));
    DatabaseResult counted = measured.spared();
    if (counted == null || counted.statements() == null) {
      lines.add(INDENT + "not known: a cache server did not give its metrics");
    } else {
      Spared spared =
          new Spared(
              measured.seconds(),
              counted.writes(),
              counted.rows(),
              counted.transactions(),
              counted.statements());
      sentences(spared).forEach(each -> lines.add(INDENT + each));
    }
    if (mysql != null) {
      String servers = mysql.servers() == 1 ? "" : line(" of %d servers", mysql.servers());
      lines.add(INDENT + line("MySQL's own count%s: %s", servers, mysql));
      lines.add(INDENT + "(SHOW GLOBAL STATUS: reads and all other clients are in it)");
    }
  }

  private static List<String> sentences(Spared spared) {
    Double statements = spared.statementsPerThousandWrites();
    Double commits = spared.commitsPerThousandWrites();
    if (statements == null || commits == null) {
      return List.of("nothing, for nothing was written");
    }
    Double rows = spared.rowsPerCommit();
    return List.of(
        line(
            "%,d writes acknowledged in %.1f s, for which it executed %,d statements in %,d"
                + " commits",
            spared.writes(), spared.seconds(), spared.statements(), spared.commits()),
        line(
            "a thousand writes: %s statements and %s commits%s; %,d rows written",
            ratio(statements),
            ratio(commits),
            rows == null ? "" : line(", %s rows each", ratio(rows)),
            spared.rows()));
  }

  private static void highest(List<String> lines, LoadResult closed) {
    Double hits = closed.reads().hitRatio();
    lines.add(
        line(
            "highest throughput: %,.0f operations/s, in a closed loop of %.1f s%s, errors %s",
            closed.throughput(),
            closed.seconds(),
            hits == null ? "" : line(", hits %.1f%%", hits * 100),
            errors(closed)));
  }

  private static void latencies(List<String> lines, LoadResult open) {
    lines.add(
        line(
            "latencies at half of it: %,.0f operations/s, in an open loop of %.1f s, errors %s",
            open.throughput(), open.seconds(), errors(open)));
    TextTable table = new TextTable(List.of("", "per s", "p50", "p99", "p99.9", "operations"));
    for (OperationResult each : open.operations()) {
      Histogram times = each.responseTimes();
      List<String> row = new ArrayList<>();
      row.add(each.operation());
      row.add(line("%,.0f", each.count() / open.seconds()));
      for (double percentile : PERCENTILES) {
        row.add(LoadText.time(times.getValueAtPercentile(percentile) / 1e3));
      }
      row.add(line("%,d", each.count()));
      table.add(row);
    }
    table.toString().lines().forEach(each -> lines.add(INDENT + each));
    if (open.generator().limited()) {
      lines.add(INDENT + open.generator().verdict());
    }
  }

  private static String machine(Environment environment) {
    return line(
        "%d core%s (%s), which all servers and the load share; %s, Java %s",
        environment.cores(),
        environment.cores() == 1 ? "" : "s",
        environment.cpu(),
        environment.os(),
        environment.javaVersion());
  }

  private static String errors(LoadResult result) {
    Map<String, Long> errors = result.errors();
    return errors.isEmpty()
        ? "none"
        : errors.entrySet().stream()
            .map(each -> line("%s %,d", each.getKey(), each.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static String ratio(double ratio) {
    return line(ratio < 10 ? "%.1f" : "%,.0f", ratio);
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation is no dependency of this module.
  private static String line(String format, @Nullable Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
