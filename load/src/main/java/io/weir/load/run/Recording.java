package io.weir.load.run;

import io.weir.client.RoutingTable;
import io.weir.client.transport.ServerAddress;
import io.weir.load.result.DatabaseResult;
import io.weir.load.result.Environment;
import io.weir.load.result.Generator;
import io.weir.load.result.HistogramText;
import io.weir.load.result.Interval;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.result.Reads;
import io.weir.load.result.ServerResult;
import io.weir.load.result.Target;
import io.weir.load.result.Verification;
import io.weir.load.result.Writes;
import io.weir.model.ListedServer;
import io.weir.model.Shard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of a run: drained from the event loops interval by interval, and in the end a
 * result. Confined to the thread that runs the load.
 */
final class Recording {

  private final LoadPlan plan;
  private final List<LoopRecorder> recorders;
  private final CpuMeter cpu;
  private final Totals interval;
  private final Totals total;
  private final List<Interval> timeline = new ArrayList<>();
  private boolean measuring;
  private Instant startedAt = Instant.EPOCH;
  private long measuredFrom;
  private long lastAt;
  private long errors;
  private CpuMeter.@Nullable Usage used; // When the measured time was over.

  Recording(LoadPlan plan, List<LoopRecorder> recorders, CpuMeter cpu, boolean separate) {
    this.plan = plan;
    this.recorders = recorders;
    this.cpu = cpu;
    this.interval = new Totals(separate);
    this.total = new Totals(separate);
    this.lastAt = System.nanoTime();
  }

  /** Lets everything count from now on. */
  void startMeasuring(Instant instant, long now) {
    drain();
    measuring = true;
    startedAt = instant;
    measuredFrom = now;
    lastAt = now;
    cpu.restart();
  }

  boolean isMeasuring() {
    return measuring;
  }

  /** The measured time is over, but for what is still to be drained. */
  void endMeasuring() {
    used = cpu.sinceStart();
  }

  /** Ends an interval, which is returned: valid until the next one. */
  Totals tick(long now) {
    drain();
    errors += interval.failed();
    double seconds = Math.max(1, now - lastAt) / 1e9;
    lastAt = now;
    double cores = cpu.lap();
    if (measuring) {
      total.add(interval);
      timeline.add(interval((now - measuredFrom) / 1e9, seconds, cores));
    }
    return interval;
  }

  /** Failed operations since the beginning, whether they counted or not. */
  long errors() {
    return errors;
  }

  private void drain() {
    interval.clear();
    recorders.forEach(recorder -> recorder.drainTo(interval));
  }

  private Interval interval(double atSeconds, double seconds, double cores) {
    Map<String, Long> counts = new LinkedHashMap<>();
    interval
        .operations()
        .forEach((operation, each) -> {
          if (each.response().getTotalCount() > 0) {
            counts.put(operation.toString(), each.response().getTotalCount());
          }
        });
    return new Interval(
        atSeconds,
        seconds,
        counts,
        interval.failed(),
        interval.hits(),
        interval.misses(),
        HistogramText.encode(interval.response()),
        HistogramText.encode(interval.service()),
        interval.lag().getMaxValue() / 1e6,
        cores);
  }

  /** What was measured up to the last interval's end. */
  LoadResult result(
      Environment environment,
      @Nullable RoutingTable routing,
      @Nullable DatabaseResult database,
      @Nullable Verification verification,
      Writes writes) {
    double seconds = Math.max(1, lastAt - measuredFrom) / 1e9;
    Map<String, Long> errorsByKind = new LinkedHashMap<>();
    total.errors().forEach((kind, count) -> errorsByKind.put(kind.toString(), count));
    Pace pace = plan.phase().runs() ? plan.pace() : Pace.UNBRIDLED;
    Generator generator =
        SelfCheck.judge(
            used == null ? cpu.sinceStart() : used,
            total.lag(),
            total.response(),
            total.succeeded() / seconds,
            seconds,
            pace);
    return new LoadResult(
        LoadResult.FORMAT,
        plan.name(),
        startedAt,
        seconds,
        PlanSettings.of(plan),
        environment,
        operations(),
        timeline,
        servers(routing),
        errorsByKind,
        Reads.of(total.hits(), total.misses(), total.absent()),
        database,
        verification,
        writes,
        generator,
        pace instanceof Pace.Open open
            ? new Target(open.ratePerSecond(), open.arrivals().toString())
            : null);
  }

  private List<OperationResult> operations() {
    List<OperationResult> all = new ArrayList<>();
    total
        .operations()
        .forEach((operation, each) -> {
          long count = each.response().getTotalCount();
          if (count + each.failed() > 0) {
            all.add(
                new OperationResult(
                    operation.toString(),
                    count,
                    each.failed(),
                    HistogramText.encode(each.response()),
                    HistogramText.encode(each.service())));
          }
        });
    return all;
  }

  private List<ServerResult> servers(@Nullable RoutingTable routing) {
    Map<ServerAddress, String> names = names(routing);
    List<ServerResult> all = new ArrayList<>();
    total
        .servers()
        .forEach((server, each) -> {
          long succeeded = each.service().getTotalCount();
          if (succeeded + each.errors() > 0) {
            all.add(
                new ServerResult(
                    names.getOrDefault(server, server.toString()),
                    server.toString(),
                    succeeded + each.errors(),
                    each.errors(),
                    each.hits(),
                    each.misses(),
                    HistogramText.encode(each.service())));
          }
        });
    all.sort(Comparator.comparing(ServerResult::nodeId));
    return all;
  }

  private static Map<ServerAddress, String> names(@Nullable RoutingTable routing) {
    Map<ServerAddress, String> names = new HashMap<>();
    if (routing != null) {
      for (Shard shard : routing.topology().shards()) {
        List<ListedServer> servers = new ArrayList<>(shard.replicas());
        if (shard.leader() != null) {
          servers.add(shard.leader());
        }
        servers.forEach(each -> names.put(ServerAddress.of(each.url()), each.nodeId().toString()));
      }
    }
    return names;
  }
}
