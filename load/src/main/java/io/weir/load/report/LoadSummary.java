package io.weir.load.report;

import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A result as a short JSON document: the figures, without timeline and histograms. */
public final class LoadSummary {

  private LoadSummary() {}

  public static Map<String, Object> document(LoadResult result) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", result.name());
    document.put("startedAt", result.startedAt());
    document.put("seconds", result.seconds());
    document.put("settings", result.settings());
    document.put("environment", result.environment());
    document.put("target", result.target());
    document.put("throughput", result.throughput());
    List<Map<String, Object>> operations =
        result.operations().stream().map(each -> operation(each, result.seconds())).toList();
    document.put("operations", operations);
    document.put("responseMillis", millis(result.responseTimes()));
    document.put("serviceMillis", millis(result.serviceTimes()));
    document.put("hitRatio", result.reads().hitRatio());
    document.put("absentReads", result.reads().absentReads());
    document.put("errors", result.errors());
    document.put("database", result.database());
    document.put("verification", result.verification());
    document.put("writes", result.writes());
    document.put("generator", result.generator());
    return document;
  }

  private static Map<String, Object> operation(OperationResult operation, double seconds) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("operation", operation.operation());
    document.put("count", operation.count());
    document.put("errors", operation.errors());
    document.put("perSecond", operation.count() / seconds);
    document.put("responseMillis", millis(operation.responseTimes()));
    document.put("serviceMillis", millis(operation.serviceTimes()));
    return document;
  }

  private static Map<String, Object> millis(Histogram nanos) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("mean", nanos.getMean() / 1e6);
    document.put("p50", nanos.getValueAtPercentile(50) / 1e6);
    document.put("p90", nanos.getValueAtPercentile(90) / 1e6);
    document.put("p95", nanos.getValueAtPercentile(95) / 1e6);
    document.put("p99", nanos.getValueAtPercentile(99) / 1e6);
    document.put("p99.9", nanos.getValueAtPercentile(99.9) / 1e6);
    document.put("p99.99", nanos.getValueAtPercentile(99.99) / 1e6);
    document.put("max", nanos.getMaxValue() / 1e6);
    return document;
  }
}
