package io.weir.cli;

import io.weir.cli.load.LoadPlan;
import io.weir.cli.load.LoadReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A load's plan and report in words, and as a document. */
public final class LoadText {

  private LoadText() {}

  /** The plan in one line, the seed included. */
  public static String plan(LoadPlan plan) {
    return String.format(
        Locale.ROOT,
        "load: %d clients, %,d keys, values of %s, %.0f%% reads, %s, seed %d, %s warm-up, %s",
        plan.clients(),
        plan.keys(),
        plan.valueSize(),
        plan.reads() * 100,
        switch (plan.distribution()) {
          case UNIFORM -> "uniform";
          case ZIPFIAN -> "zipfian " + plan.theta();
        },
        plan.seed(),
        seconds(plan.warmup().toMillis()),
        seconds(plan.duration().toMillis()));
  }

  /** The report, several lines. */
  public static String report(LoadReport report) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        String.format(
            Locale.ROOT,
            "%,.0f req/s (%,d requests in %.1f s)",
            report.perSecond(),
            report.succeeded(),
            report.seconds()));
    TextTable table =
        new TextTable(List.of("", "req/s", "p50", "p95", "p99", "p99.9", "max", "requests"));
    for (LoadReport.Latency each : report.operations()) {
      table.add(
          List.of(
              each.operation(),
              String.format(Locale.ROOT, "%,.0f", each.perSecond()),
              time(each.p50()),
              time(each.p95()),
              time(each.p99()),
              time(each.p999()),
              time(each.max()),
              String.format(Locale.ROOT, "%,d", each.count())));
    }
    text.append(table);
    Double hitRatio = report.hitRatio();
    line(
        text,
        String.format(
            Locale.ROOT,
            "hit ratio %s, %,d reads found no entry",
            hitRatio == null
                ? "not reported"
                : String.format(Locale.ROOT, "%.1f%%", hitRatio * 100),
            report.absentReads()));
    line(
        text,
        String.format(
            Locale.ROOT,
            "writes acknowledged %,d, outcome unknown %,d (warm-up included)",
            report.acknowledgedWrites(),
            report.ambiguousWrites()));
    line(
        text,
        String.format(
            Locale.ROOT, "errors %s", report.errors().isEmpty() ? "none" : errors(report)));
    line(
        text,
        String.format(
            Locale.ROOT,
            "generator %.2f cores, busiest of %d event loops %.0f%%",
            report.cpu().cores(),
            report.cpu().threads(),
            report.cpu().busiestLoop() * 100));
    if (report.cpu().nearItsLimit()) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "the generator may be the bottleneck: add --threads, or another machine"));
    }
    return text.toString();
  }

  /** Plan and report as one JSON document. */
  static Map<String, Object> document(LoadPlan plan, LoadReport report) {
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("clients", plan.clients());
    asked.put("keys", plan.keys());
    asked.put("keyPrefix", plan.keyPrefix());
    asked.put("valueBytes", plan.valueSize().bytes());
    asked.put("reads", plan.reads());
    asked.put("distribution", plan.distribution().toString());
    asked.put("theta", plan.theta());
    asked.put("warmupSeconds", plan.warmup().toMillis() / 1_000.0);
    asked.put("durationSeconds", plan.duration().toMillis() / 1_000.0);
    asked.put("seed", plan.seed());
    asked.put("threads", plan.threads());
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("plan", asked);
    document.put("report", report);
    return document;
  }

  /** A latency with a unit that suits it. */
  static String time(double micros) {
    if (micros < 1_000) {
      return String.format(Locale.ROOT, "%.0f us", micros);
    }
    return micros < 1_000_000
        ? String.format(Locale.ROOT, "%.2f ms", micros / 1_000)
        : String.format(Locale.ROOT, "%.2f s", micros / 1_000_000);
  }

  private static String errors(LoadReport report) {
    StringBuilder text = new StringBuilder();
    report
        .errors()
        .forEach((kind, count) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(String.format(Locale.ROOT, "%s %,d", kind, count)));
    return text.toString();
  }

  private static String seconds(long millis) {
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append(System.lineSeparator());
  }
}
