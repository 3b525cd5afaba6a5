package io.weir.lab.demo;

import io.weir.client.WeirClient;
import io.weir.client.operator.ClusterFlush;
import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import io.weir.lab.cluster.Console;
import io.weir.load.result.DatabaseResult;
import io.weir.load.result.Environment;
import io.weir.load.result.LoadResult;
import io.weir.load.run.Arrivals;
import io.weir.load.run.DatabaseCounters;
import io.weir.load.run.LoadAbortedException;
import io.weir.load.run.LoadPlan;
import io.weir.load.run.LoadProgress;
import io.weir.load.run.LoadRun;
import io.weir.load.run.Pace;
import io.weir.load.run.Phase;
import io.weir.load.verify.WriteLog;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The load of a demo: every key is inserted, all is warmed up, then half of the measured time goes
 * to a closed loop, and half to an open loop at half of the rate that the closed one reached.
 *
 * <p>What is dirty is written back before and after the measured time, so that what the databases
 * executed in between is for the writes in between.
 */
final class DemoLoad {

  /** Of each loop, for its own connections: what they wait for at first is no latency. */
  private static final Duration CONNECTING = Duration.ofSeconds(2);

  private final LoadPlan plan;
  private final WeirClient client;
  private final Environment environment;
  private final Console console;
  private final LoadProgress.Listener progress;
  private final WriteLog log;
  private final DatabaseCounters counters;
  private final @Nullable MysqlCounters mysql;

  /**
   * @param plan its warm-up is the longest
   * @param mysqlUrls of the schemas whose servers count; empty for none
   */
  DemoLoad(
      LoadPlan plan,
      WeirClient client,
      Environment environment,
      List<String> mysqlUrls,
      Console console,
      LoadProgress.Listener progress) {
    this.plan = plan;
    this.client = client;
    this.environment = environment;
    this.console = console;
    this.progress = progress;
    this.log = LoadRun.newLog(plan);
    this.counters = new DatabaseCounters(client);
    this.mysql = mysqlUrls.isEmpty() ? null : new MysqlCounters(mysqlUrls);
  }

  /** What was acknowledged, from the first inserted key on. */
  WriteLog log() {
    return log;
  }

  /**
   * Does all of it, once.
   *
   * @throws LabException when the cluster takes nothing, or a database does not answer
   */
  Measurement run() throws InterruptedException {
    try {
      var _ = run(plan.toBuilder().phase(Phase.LOAD).build(), progress).run();
    } catch (LoadAbortedException e) {
      throw new LabException(Reason.NOT_REACHABLE, "the load cannot begin: " + e.getMessage());
    }
    WarmUp.Outcome warmUp =
        new WarmUp(console)
            .run(listener ->
                run(part(1).duration(plan.warmup()).warmup(Duration.ZERO).build(), listener));
    requireSome(warmUp.result());
    flush();
    Mark before = mark();
    long start = System.nanoTime();
    console.event("closed loop: the highest throughput");
    LoadResult closed = run(part(2).build(), progress).run();
    requireSome(closed);
    double rate = closed.throughput() / 2;
    console.event("open loop: latencies at half of it");
    LoadResult open =
        run(part(3).pace(new Pace.Open(rate, Arrivals.CONSTANT)).build(), progress).run();
    double seconds = (System.nanoTime() - start) / 1e9;
    flush();
    Mark after = mark();
    return new Measurement(
        seconds,
        DatabaseCounters.difference(before.caches, after.caches),
        before.mysql == null || after.mysql == null ? null : after.mysql.since(before.mysql),
        warmUp,
        closed,
        open);
  }

  /** Half of the measured time; each part draws other keys than the ones before it. */
  private LoadPlan.Builder part(int number) {
    return plan.toBuilder()
        .phase(Phase.RUN)
        .warmup(CONNECTING)
        .duration(plan.duration().dividedBy(2))
        .seed(plan.seed() + number);
  }

  private LoadRun run(LoadPlan part, LoadProgress.Listener listener) {
    return new LoadRun(part, client, environment, listener, log);
  }

  private static void requireSome(LoadResult result) {
    if (result.succeeded() == 0) {
      throw new LabException(
          Reason.NOT_REACHABLE, "no request of the load succeeded; the logs say why");
    }
  }

  private void flush() throws InterruptedException {
    try (Console.Step step = console.step("writing back what is dirty")) {
      if (new ClusterFlush(client, console::event).run()) {
        step.done();
      }
    }
  }

  /** What has been counted up to now. */
  private record Mark(Map<URI, DatabaseResult> caches, MysqlCounters.@Nullable Count mysql) {}

  private Mark mark() throws InterruptedException {
    Map<URI, DatabaseResult> caches = counters.start(client.knownRouting()).await();
    try {
      return new Mark(caches, mysql == null ? null : mysql.now());
    } catch (SQLException e) {
      console.event("MySQL's own counters cannot be read: " + e.getMessage());
      return new Mark(caches, null);
    }
  }
}
