package io.weir.cli.demo;

import io.weir.cli.CommandException;
import io.weir.cli.ExitCodes;
import io.weir.cli.LoadText;
import io.weir.cli.load.LoadPlan;
import io.weir.cli.load.LoadProgress;
import io.weir.cli.load.LoadRun;
import io.weir.cli.load.ThisMachine;
import io.weir.cli.load.result.LoadResult;
import io.weir.cli.operate.OperatorApi;
import io.weir.client.WeirClient;
import io.weir.client.WeirException;
import java.net.URI;
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
final class Demo {

  /** How long the audit tries to read a key while its server is being started again. */
  private static final Duration READ_DEADLINE = Duration.ofSeconds(60);

  private final DemoPlan plan;
  private final Cluster cluster;
  private final DataDirectory directory;
  private final DemoConsole console;
  private final LoadProgress.Listener progress;
  private @Nullable Boolean intact; // What the audit found; null before.
  private volatile boolean stopping;

  Demo(
      DemoPlan plan,
      Cluster cluster,
      DataDirectory directory,
      DemoConsole console,
      LoadProgress.Listener progress) {
    this.plan = plan;
    this.cluster = cluster;
    this.directory = directory;
    this.console = console;
    this.progress = progress;
  }

  /** Does it, once; returns the exit status. */
  int run() {
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
      return status(drained, signals);
    }
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
              Runtime.getRuntime().halt(ExitCodes.UNEXPECTED);
            });
    signals.install();
    return signals;
  }

  private int status(boolean drained, StopSignals signals) {
    if (Boolean.FALSE.equals(intact) || !drained) {
      return ExitCodes.WRITES_MISSING;
    }
    Integer signalled = signals.exitStatus();
    return intact == null && signalled != null ? signalled : ExitCodes.OK;
  }

  private void untilAskedToStop(Supervisor supervisor) throws InterruptedException {
    try (OperatorApi api = cluster.connect()) {
      Startup startup = new Startup(cluster, supervisor, api, console);
      startup.check(plan.mysqlUrls());
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
        throw new CommandException(
            ExitCodes.NOT_REACHABLE, "no request of the load succeeded; the logs say why");
      }
      startup.awaitServing();
      return audit.run(run.log(), client);
    } catch (SQLException e) {
      throw new CommandException(
          ExitCodes.NOT_REACHABLE, "the audit cannot read a database: " + e.getMessage());
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
