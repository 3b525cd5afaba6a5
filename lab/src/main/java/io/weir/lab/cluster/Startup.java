package io.weir.lab.cluster;

import io.weir.client.WeirException;
import io.weir.client.operator.OperatorApi;
import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Brings the cluster up, a step a line, until it serves. */
final class Startup {

  /** For each step; a small machine that is busy otherwise takes a minute for all together. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(300);

  private static final int RETRY_MILLIS = 100;
  private static final int LOGIN_SECONDS = 10;

  private final Cluster cluster;
  private final DatabaseFiles databases;
  private final Supervisor supervisor;
  private final OperatorApi api;
  private final Console console;

  Startup(
      Cluster cluster,
      DatabaseFiles databases,
      Supervisor supervisor,
      OperatorApi api,
      Console console) {
    this.cluster = cluster;
    this.databases = databases;
    this.supervisor = supervisor;
    this.api = api;
    this.console = console;
  }

  /** Whether something is there. */
  private interface Probe {
    boolean holds();
  }

  /**
   * Makes sure that databases of others can be reached.
   *
   * @throws LabException when one cannot
   */
  void check(List<String> urls) {
    if (urls.isEmpty()) {
      return;
    }
    try (Console.Step step = console.step("connecting to the databases")) {
      DriverManager.setLoginTimeout(LOGIN_SECONDS);
      for (String url : urls) {
        connect(url);
      }
      step.done();
    }
  }

  private static void connect(String url) {
    try {
      DriverManager.getConnection(url).close();
    } catch (SQLException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new LabException(
          Reason.NOT_REACHABLE, "cannot connect to " + JdbcUrls.location(url) + ": " + reason);
    }
  }

  /**
   * Starts everything and waits until the cluster serves.
   *
   * @throws LabException when a process refuses to start, or nothing comes of it in time
   */
  void run() throws InterruptedException {
    try (Console.Step step = console.step("starting database")) {
      prepareDatabases();
      ChildProcess database = supervisor.start(cluster.database());
      await(List.of(database), () -> opens(cluster.registryUrl()));
      supervisor.ready(database);
      step.done();
    }
    try (Console.Step step = console.step("starting master")) {
      ChildProcess master = supervisor.start(cluster.master());
      await(List.of(master), () -> api.isReady(URI.create(cluster.masterUrl())));
      supervisor.ready(master);
      step.done();
    }
    runCaches();
  }

  private void prepareDatabases() {
    for (String name : cluster.ownDatabases()) {
      try {
        databases.prepare(name);
      } catch (SQLException e) {
        throw new LabException(
            Reason.UNEXPECTED,
            "the database "
                + databases.folder().resolve(name)
                + " cannot be opened: "
                + e.getMessage()
                + "; choose another --data-dir");
      }
    }
  }

  /** Starts the cache servers, and waits until the cluster serves. */
  void runCaches() throws InterruptedException {
    List<ProcessSpec> specs = cluster.caches();
    String names = String.join(", ", specs.stream().map(ProcessSpec::name).toList());
    try (Console.Step step = console.step("starting " + names)) {
      List<ChildProcess> caches = specs.stream().map(supervisor::start).toList();
      for (ChildProcess cache : caches) {
        await(caches, () -> api.isReady(URI.create(cache.spec().url())));
      }
      caches.forEach(supervisor::ready);
      await(caches, () -> serves(specs));
      step.done();
    }
  }

  /** Waits until the cluster serves again after what may have happened meanwhile. */
  void awaitServing() throws InterruptedException {
    List<ProcessSpec> specs = cluster.caches();
    await(List.of(), () -> serves(specs));
  }

  private boolean serves(List<ProcessSpec> caches) {
    Topology topology;
    try {
      topology = api.refreshedTopology();
    } catch (WeirException e) {
      return false;
    }
    if (topology.state() != TopologyState.SERVING) {
      return false;
    }
    Set<String> up = new HashSet<>();
    for (Shard shard : topology.shards()) {
      Stream.concat(Stream.ofNullable(shard.leader()), shard.replicas().stream())
          .filter(member -> member.state() == NodeState.UP)
          .forEach(member -> up.add(member.url().toString()));
    }
    return caches.stream().allMatch(cache -> up.contains(cache.url()))
        && topology.shards().stream().allMatch(shard -> shard.servingLeader() != null);
  }

  private void await(List<ChildProcess> children, Probe probe) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!probe.holds()) {
      children.forEach(supervisor::checkNotRefused);
      if (System.nanoTime() > deadline) {
        StringBuilder message = new StringBuilder("the cluster does not serve after ");
        message.append(TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS)).append(" s");
        for (ChildProcess child : children) {
          message.append(System.lineSeparator()).append(child.log()).append(':');
          message.append(System.lineSeparator()).append(child.tail());
        }
        throw new LabException(Reason.UNEXPECTED, message.toString());
      }
      Thread.sleep(RETRY_MILLIS);
    }
  }

  private static boolean opens(String url) {
    try (Connection _ = DriverManager.getConnection(url)) {
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
