package io.weir.load.report;

import io.weir.load.result.DatabaseResult;
import io.weir.load.result.Environment;
import io.weir.load.result.Generator;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.result.ServerResult;
import io.weir.load.result.Target;
import io.weir.load.result.Verification;
import io.weir.load.result.Writes;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A result as a page draws it: histograms replaced by figures. Components that are not described
 * here are those of {@link LoadResult}.
 *
 * @param throughput successful operations a second
 * @param all the operations of all kinds together
 */
record RunView(
    String name,
    String startedAt,
    double seconds,
    double throughput,
    long succeeded,
    long failed,
    long hits,
    long misses,
    long absentReads,
    @Nullable Double hitRatio,
    OperationView all,
    List<OperationView> operations,
    Timeline timeline,
    List<ServerView> servers,
    Map<String, Long> errors,
    @Nullable DatabaseResult database,
    @Nullable Verification verification,
    Writes writes,
    Generator generator,
    @Nullable Target target,
    Map<String, String> settings,
    Environment environment) {

  /** One kind of operation. */
  record OperationView(
      String operation,
      long count,
      long errors,
      double perSecond,
      @Nullable Latency response,
      @Nullable Latency service) {

    static OperationView of(OperationResult operation, double seconds) {
      return new OperationView(
          operation.operation(),
          operation.count(),
          operation.errors(),
          Figures.rounded(operation.count() / seconds),
          Latency.of(operation.responseTimes()),
          Latency.of(operation.serviceTimes()));
    }
  }

  /** A cache server. */
  record ServerView(
      String nodeId,
      String url,
      long requests,
      double perSecond,
      long errors,
      long hits,
      long misses,
      @Nullable Double hitRatio,
      @Nullable Latency service) {

    static ServerView of(ServerResult server, double seconds) {
      long reads = server.hits() + server.misses();
      return new ServerView(
          server.nodeId(),
          server.url(),
          server.requests(),
          Figures.rounded(server.requests() / seconds),
          server.errors(),
          server.hits(),
          server.misses(),
          reads == 0 ? null : (double) server.hits() / reads,
          Latency.of(server.serviceTimes()));
    }
  }

  static RunView of(LoadResult result) {
    return of(result.name(), result);
  }

  static RunView of(String name, LoadResult result) {
    double seconds = result.seconds();
    Histogram response = result.responseTimes();
    Histogram service = result.serviceTimes();
    return new RunView(
        name,
        result.startedAt().toString(),
        Figures.rounded(seconds),
        Figures.rounded(result.throughput()),
        result.succeeded(),
        result.failed(),
        result.hits(),
        result.misses(),
        result.absentReads(),
        result.hitRatio(),
        new OperationView(
            "all",
            result.succeeded(),
            result.failed(),
            Figures.rounded(result.throughput()),
            Latency.of(response),
            Latency.of(service)),
        result.operations().stream().map(each -> OperationView.of(each, seconds)).toList(),
        Timeline.of(result.timeline()),
        result.servers().stream().map(each -> ServerView.of(each, seconds)).toList(),
        result.errors(),
        result.database(),
        result.verification(),
        result.writes(),
        result.generator(),
        result.target(),
        result.settings(),
        result.environment());
  }
}
