package io.weir.load.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.weir.load.result.DatabaseResult;
import io.weir.load.result.Environment;
import io.weir.load.result.Generator;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.result.Reads;
import io.weir.load.result.ServerResult;
import io.weir.load.result.Target;
import io.weir.load.result.Verification;
import io.weir.load.result.Writes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result as a page draws it: histograms replaced by figures. In JSON it is one flat object.
 * Components that are not described here are those of {@link LoadResult}.
 */
record RunView(
    @JsonUnwrapped Span span,
    @JsonUnwrapped Totals totals,
    @JsonUnwrapped Reads reads,
    @JsonUnwrapped Breakdown breakdown,
    @JsonUnwrapped Rows rows,
    @JsonUnwrapped Setup setup) {

  /** Which run it is, and when it was measured. */
  record Span(String name, String startedAt, double seconds) {}

  /**
   * All operations in three figures.
   *
   * @param throughput successful operations a second
   */
  record Totals(double throughput, long succeeded, long failed) {}

  /**
   * The same operations by kind, by second and by server, and those that failed by their error.
   *
   * @param all the operations of all kinds together
   */
  record Breakdown(
      OperationView all,
      List<OperationView> operations,
      Timeline timeline,
      List<ServerView> servers,
      Map<String, Long> errors) {}

  /** What was acknowledged, what of it the database got, and whether reads then saw it. */
  record Rows(
      @Nullable DatabaseResult database, @Nullable Verification verification, Writes writes) {}

  /** What put the load on, how, and on which machine. */
  record Setup(
      Generator generator,
      @Nullable Target target,
      Map<String, String> settings,
      Environment environment) {}

  /** One kind of operation. */
  record OperationView(
      String operation,
      long count,
      long errors,
      double perSecond,
      @Nullable Latency response,
      @Nullable Latency service) {

    static OperationView all(LoadResult result) {
      return new OperationView(
          "all",
          result.succeeded(),
          result.failed(),
          Figures.rounded(result.throughput()),
          Latency.of(result.responseTimes()),
          Latency.of(result.serviceTimes()));
    }

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
    return new RunView(
        new Span(name, result.startedAt().toString(), Figures.rounded(result.seconds())),
        new Totals(Figures.rounded(result.throughput()), result.succeeded(), result.failed()),
        result.reads(),
        breakdown(result),
        new Rows(result.database(), result.verification(), result.writes()),
        new Setup(result.generator(), result.target(), result.settings(), result.environment()));
  }

  private static Breakdown breakdown(LoadResult result) {
    double seconds = result.seconds();
    return new Breakdown(
        OperationView.all(result),
        result.operations().stream().map(each -> OperationView.of(each, seconds)).toList(),
        Timeline.of(result.timeline()),
        result.servers().stream().map(each -> ServerView.of(each, seconds)).toList(),
        result.errors());
  }
}
