package io.weir.cli.demo;

import io.weir.cli.LoadText;
import io.weir.cli.demo.LabException.Reason;
import io.weir.cli.load.LoadPlan;
import io.weir.cli.load.LoadProgress;
import io.weir.cli.load.LoadRun;
import io.weir.cli.load.ThisMachine;
import io.weir.cli.load.result.LoadResult;
import io.weir.cli.operate.OperatorApi;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
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

  private final DemoPlan plan;
  private final Cluster cluster;
  private final DataDirectory directory;
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

  private Demo(
      DemoPlan plan,
      Cluster cluster,
      DataDirectory directory,
      Console console,
      LoadProgress.Listener progress,
      Runnable halt) {
    this.plan = plan;
    this.cluster = cluster;
    this.directory = directory;
    this.console = console;
    this.progress = progress;
    this.halt = halt;
  }

  /**
   * Makes a demo ready to run; no process is started yet.
   *
   * @param dataDirectory null for a temporary one
   * @param halt ends this process at once, after a second signal
   * @throws IllegalArgumentException when the plan cannot be, with a sentence
   * @throws LabException when a port is taken, or the directory is another's
   */
  public static Demo prepare(
      DemoPlan plan,
      @Nullable Path dataDirectory,
      Console console,
      LoadProgress.Listener progress,
      Runnable halt) {
    Installation installation = Installation.find();
    // Before anything is written.
    Ports.requireFree(new Cluster(plan.cluster(), installation, Path.of("")).processes());
    DataDirectory directory = DataDirectory.open(dataDirectory);
    Cluster cluster = new Cluster(plan.cluster(), installation, directory.path());
    return new Demo(plan, cluster, directory, console, progress, halt);
  }

  /** Does it, once. */
  public Outcome run() {
    directory.belongsTo(
        plan.cluster().shards(), plan.cluster().members(), plan.cluster().mysqlUrls());
    try (OrphanGuard guard = OrphanGuard.start();
        Supervisor supervisor =
            new Supervisor(
                console,
                new ClusterFile(directory.path().resolve("cluster.json")),
                guard,
                directory::log)) {
      StopSignals signals = signals(supervisor);
      boolean drained = false;
      try {
        untilAskedToStop(supervisor);
      } catch (InterruptedException e) {
        // Asked to stop.
      } catch (WeirException e) {
        if (signals.exitStatus() == null) {
          throw e;
        }
      } finally {
        drained = stop(supervisor);
      }
      return new Outcome(
          drained && !Boolean.FALSE.equals(intact), intact == null ? signals.exitStatus() : null);
    }
  }

  /** Where its files are. */
  public Path directory() {
    return directory.path();
  }

  /** Whether nobody chose where its files are. */
  public boolean isTemporary() {
    return directory.isTemporary();
  }

  /** Deletes its files, once it is closed. */
  public void forget() {
    directory.delete();
  }

  /** Lets another demo have the directory. */
  @Override
  public void close() {
    directory.close();
  }

  private StopSignals signals(Supervisor supervisor) {
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
              supervisor.kill();
              halt.run();
            });
    signals.install();
    return signals;
  }

  private void untilAskedToStop(Supervisor supervisor) throws InterruptedException {
    try (OperatorApi api = cluster.connect()) {
      Startup startup = new Startup(cluster, supervisor, api, console);
      startup.check(plan.cluster().mysqlUrls());
      startup.run();
      console.result("ready " + cluster.masterUrl());
      LoadPlan load = plan.load();
      if (load != null) {
        intact = loadAndAudit(load, startup, new Audit(console, cluster, supervisor));
      }
      if (!plan.exit()) {
        console.result(DemoReport.text(cluster, directory.path()));
        new CountDownLatch(1).await();
      }
    }
  }

  private boolean loadAndAudit(LoadPlan load, Startup startup, Audit audit)
      throws InterruptedException {
    console.result(LoadText.plan(load));
    try (WeirClient client =
        WeirClient.builder().master(cluster.masterUrl()).deadline(READ_DEADLINE).build()) {
      LoadRun run =
          new LoadRun(
              load,
              client,
              ThisMachine.environment(List.of(URI.create(cluster.masterUrl()))),
              progress);
      LoadResult result = run.run();
      console.result(LoadText.result(result).stripTrailing());
      if (result.succeeded() == 0) {
        throw new LabException(
            Reason.NOT_REACHABLE, "no request of the load succeeded; the logs say why");
      }
      startup.awaitServing();
      return audit.run(run.log(), client);
    } catch (SQLException e) {
      throw new LabException(
          Reason.NOT_REACHABLE, "the audit cannot read a database: " + e.getMessage());
    }
  }

  private boolean stop(Supervisor supervisor) {
    stopping = true;
    boolean _ = Thread.interrupted();
    while (true) {
      try {
        return supervisor.stop();
      } catch (InterruptedException e) {
        // The first signal came just now, and the stop goes on.
      }
    }
  }
}
