package io.weir.lab.demo;

import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import io.weir.lab.cluster.Cluster;
import io.weir.lab.cluster.Console;
import io.weir.lab.cluster.LocalCluster;
import io.weir.lab.cluster.StopSignals;
import io.weir.load.redis.RedisClient;
import io.weir.load.run.LoadDoor;
import io.weir.load.run.LoadPlan;
import io.weir.load.run.LoadProgress;
import io.weir.load.run.ThisMachine;
import io.weir.load.verify.KeyReader;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * One demo from start to end: the cluster comes up, is loaded and audited, stays until it is asked
 * to stop, and goes down in order.
 *
 * <p><b>Concurrency.</b> One thread does all of it; the first signal interrupts that thread,
 * wherever it is. The supervisor restarts processes meanwhile.
 *
 * <p><b>Failure.</b> However it ends, no process is left: in order if that works, else by force,
 * and by the guard if this process is killed.
 */
public final class Demo implements AutoCloseable {

  /** How long the audit tries to read a key while its server is being started again. */
  private static final Duration READ_DEADLINE = Duration.ofSeconds(60);

  /** How long it waits for one answer. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final DemoPlan plan;
  private final LocalCluster cluster;
  private final Console console;
  private final LoadProgress.Listener progress;
  private final Runnable halt;
  private @Nullable Boolean intact; // What the audit found; null before.
  private volatile boolean stopping;

  /**
   * How a demo ended.
   *
   * @param intact whether nothing that was acknowledged is missing, and all has been written back
   * @param signalStatus the customary exit status after the signal that ended it before the audit
   *     had an answer; null when none did
   */
  public record Outcome(boolean intact, @Nullable Integer signalStatus) {}

  /**
   * Makes a demo ready to run; no server is started yet.
   *
   * @param dataDirectory null for a temporary one
   * @param halt ends this process at once, after a second signal
   * @throws IllegalArgumentException when the plan cannot be, with a sentence
   * @throws LabException when a port is taken, or the directory is another's
   */
  public Demo(
      DemoPlan plan,
      @Nullable Path dataDirectory,
      Console console,
      LoadProgress.Listener progress,
      Runnable halt) {
    this.plan = plan;
    this.console = console;
    this.progress = progress;
    this.halt = halt;
    this.cluster =
        new LocalCluster(plan.cluster(), dataDirectory, Cluster.CacheWiring.STRAIGHT, console);
  }

  /** Does it, once. */
  public Outcome run() {
    StopSignals signals = signals();
    boolean drained = false;
    try {
      untilAskedToStop();
    } catch (InterruptedException e) {
      // Asked to stop.
    } catch (WeirException e) {
      if (signals.exitStatus() == null) {
        throw e;
      }
    } finally {
      drained = stop();
    }
    return new Outcome(
        drained && !Boolean.FALSE.equals(intact), intact == null ? signals.exitStatus() : null);
  }

  /** Where its files are. */
  public Path directory() {
    return cluster.directory();
  }

  /** Whether nobody chose where its files are. */
  public boolean isTemporary() {
    return cluster.isTemporary();
  }

  /** Deletes its files, unless somebody chose where they are. */
  public void forget() {
    cluster.forget();
  }

  /** Ends what still runs, and lets another demo have the directory. */
  @Override
  public void close() {
    cluster.close();
  }

  private StopSignals signals() {
    Thread runner = Thread.currentThread();
    StopSignals signals =
        new StopSignals(
            () -> {
              console.event("asked to stop; a second signal ends everything at once");
              if (!stopping) {
                runner.interrupt();
              }
            },
            () -> {
              cluster.kill();
              halt.run();
            });
    signals.install();
    return signals;
  }

  private void untilAskedToStop() throws InterruptedException {
    cluster.start();
    console.result("ready " + cluster.masterUrl());
    LoadPlan load = plan.load();
    if (load != null) {
      intact = loadAndAudit(load);
    }
    if (!plan.exit()) {
      console.result(DemoReport.text(cluster));
      new CountDownLatch(1).await();
    }
  }

  private boolean loadAndAudit(LoadPlan plan) throws InterruptedException {
    console.result(MeasurementText.plan(plan));
    try (WeirClient client =
            WeirClient.builder()
                .master(cluster.masterUrl())
                .door(plan.door().forHttp())
                .deadline(READ_DEADLINE)
                .build();
        RedisClient redis = new RedisClient(client, READ_DEADLINE, ANSWER)) {
      DemoLoad load =
          new DemoLoad(
              plan,
              client,
              ThisMachine.environment(List.of(URI.create(cluster.masterUrl()))),
              this.plan.cluster().mysqlUrls(),
              console,
              progress);
      console.result(MeasurementText.of(load.run()));
      cluster.awaitServing();
      return new Audit(console, cluster)
          .run(
              load.log(),
              client,
              plan.door() == LoadDoor.REDIS ? redis::get : KeyReader.of(client));
    } catch (SQLException e) {
      throw new LabException(
          Reason.NOT_REACHABLE, "the audit cannot read a database: " + e.getMessage());
    }
  }

  private boolean stop() {
    stopping = true;
    boolean _ = Thread.interrupted();
    while (true) {
      try {
        return cluster.stop();
      } catch (InterruptedException e) {
        // The first signal came just now, and the stop goes on.
      }
    }
  }
}
