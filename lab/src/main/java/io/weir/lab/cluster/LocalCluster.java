package io.weir.lab.cluster;

import io.weir.client.WeirException;
import io.weir.client.operator.OperatorApi;
import io.weir.lab.LabException;
import io.weir.lab.LabException.Reason;
import io.weir.model.ListedServer;
import io.weir.model.Shard;
import io.weir.model.Topology;
import io.weir.model.operator.DatabaseReport;
import io.weir.model.operator.FlushReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of processes on this machine: it is started, looked after, hurt on purpose, and
 * stopped.
 *
 * <p><b>Failure.</b> However this process ends, none of the cluster's is left.
 */
public final class LocalCluster implements AutoCloseable {

  private static final long FLUSH_SECONDS = 60;
  private static final int RETRY_MILLIS = 200;

  /** How long a server may take to write back all, or to hand over, in one request. */
  private static final Duration FLUSH = Duration.ofSeconds(10);

  private final DataDirectory directory;
  private final DatabaseFiles databases;
  private final ClusterPlan plan;
  private final Installation installation;
  private final Cluster.CacheWiring wiring;
  private Cluster cluster; // Another one when the cache servers get other settings.
  private final Console console;
  private final OrphanGuard guard;
  private final Supervisor supervisor;
  private final OperatorApi api;

  /**
   * Makes it; nothing is started yet.
   *
   * @param dataDirectory null for a temporary one
   * @throws LabException when a port is taken, or the directory is another's
   * @throws IllegalArgumentException when the plan cannot be, with a sentence
   */
  public LocalCluster(
      ClusterPlan plan, @Nullable Path dataDirectory, Cluster.CacheWiring wiring, Console console) {
    this.plan = plan;
    this.installation = Installation.find();
    this.wiring = wiring;
    requireFreePorts();
    this.directory = DataDirectory.open(dataDirectory);
    directory.belongsTo(plan.shards(), plan.members(), plan.mysqlUrls());
    this.databases = DatabaseFiles.open(directory.path(), console::event);
    this.cluster = new Cluster(plan, installation, directory.path(), databases.password(), wiring);
    this.console = console;
    this.guard = OrphanGuard.start();
    this.supervisor =
        new Supervisor(
            console,
            new ClusterFile(directory.path().resolve("cluster.json")),
            guard,
            directory::log);
    this.api = cluster.connect();
  }

  private void requireFreePorts() {
    List<Listener> listeners =
        new ArrayList<>(
            new Cluster(plan, installation, Path.of(""), "", Cluster.CacheWiring.STRAIGHT)
                .listeners());
    for (int cache = 0; cache < plan.shards() * plan.members(); cache++) {
      listeners.addAll(wiring.listeners(cache));
    }
    Ports.requireFree(listeners);
  }

  /** Starts everything, and waits until it serves. */
  public void start() throws InterruptedException {
    Startup startup = startup();
    startup.check(plan.mysqlUrls());
    startup.run();
  }

  /**
   * Stops the cache servers, which write back all that is dirty, and starts them with other
   * settings and empty caches. The databases and the master stay.
   *
   * @param settings instead of those of the plan
   * @throws LabException when one does not stop well, or does not start
   */
  public void restartCaches(Map<String, String> settings) throws InterruptedException {
    Cluster next =
        new Cluster(
            plan.withCacheSettings(settings),
            installation,
            directory(),
            databases.password(),
            wiring);
    if (!supervisor.retire(Role.CACHE)) {
      throw new LabException(
          Reason.UNEXPECTED, "a cache server did not stop well; its log is in " + directory());
    }
    cluster = next;
    startup().runCaches();
  }

  /** Waits until every shard has its leader and all its replicas are up. */
  public void awaitServing() throws InterruptedException {
    startup().awaitServing();
  }

  private Startup startup() {
    return new Startup(cluster, databases, supervisor, api, console);
  }

  public Path directory() {
    return directory.path();
  }

  public String masterUrl() {
    return cluster.masterUrl();
  }

  /** JDBC URLs of the shards' databases, straight. */
  public List<String> shardUrls() {
    return cluster.shardUrls();
  }

  /** Names of all cache servers, shard by shard. */
  public List<String> cacheServers() {
    return cluster.caches().stream().map(ProcessSpec::name).toList();
  }

  /** How many cache servers have died so far. */
  public int cacheServerDeaths() {
    return supervisor.deaths(Role.CACHE);
  }

  /** Names of the cache servers of a shard, which are their node ids. */
  public List<String> cacheServers(int shard) {
    return cluster.caches().stream()
        .filter(cache -> Integer.valueOf(shard).equals(cache.shard()))
        .map(ProcessSpec::name)
        .toList();
  }

  /** Where each of the cache servers answers. */
  public List<String> cacheServerUrls() {
    return cluster.caches().stream().map(ProcessSpec::url).toList();
  }

  /** Where a cache server answers. */
  public String urlOf(String cacheServer) {
    return cluster.caches().stream()
        .filter(cache -> cache.name().equals(cacheServer))
        .map(ProcessSpec::url)
        .findFirst()
        .orElseThrow();
  }

  /** The fast port of the first cache server; null when it has none. */
  public @Nullable Integer fastPort() {
    return cluster.caches().getFirst().fastPort();
  }

  /** The name of a shard's leader; null while the master knows none. */
  public @Nullable String leaderOf(int shard) {
    Topology topology;
    try {
      topology = api.refreshedTopology();
    } catch (WeirException e) {
      return null;
    }
    // In the order of their ranges, which need not be that of their numbers.
    List<String> ours = cacheServers(shard);
    for (Shard each : topology.shards()) {
      ListedServer leader = each.servingLeader();
      if (leader != null && ours.contains(leader.nodeId().value())) {
        return leader.nodeId().value();
      }
    }
    return null;
  }

  /**
   * Sends a signal, such as {@code KILL} or {@code STOP}, to a process by its name: {@code
   * database}, {@code master} or a cache server's.
   *
   * @return false when it does not run
   */
  public boolean signal(String name, String signal) throws InterruptedException {
    Process process = supervisor.running(name);
    if (process == null) {
      return false;
    }
    if (signal.equals("KILL") || signal.equals("TERM")) {
      supervisor.wantEndOf(name);
    }
    try {
      return new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Kills a cache server and leaves it down, until it is brought back.
   *
   * @return false when it does not run
   */
  public boolean takeDown(String cacheServer) throws InterruptedException {
    return supervisor.takeDown(cacheServer);
  }

  /** Starts a cache server that is down, once: it stays down when it ends by itself. */
  public void tryOnce(String cacheServer) {
    supervisor.tryOnce(cacheServer);
  }

  /** The status that a cache server ended with which is down; null while it runs. */
  public @Nullable Integer endedWith(String cacheServer) {
    return supervisor.endedWith(cacheServer);
  }

  /** Starts a cache server that is down, and looks after it again. */
  public void bringBack(String cacheServer) {
    supervisor.bringBack(cacheServer);
  }

  /** Where a cache server has its files. */
  public Path directoryOf(String cacheServer) {
    return directory().resolve(cacheServer);
  }

  /** Whether the databases answer, asked straight. */
  public boolean databasesAnswer() {
    for (String url : cluster.shardUrls()) {
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        statement.execute("SELECT generation FROM shard");
      } catch (SQLException e) {
        return false;
      }
    }
    return true;
  }

  /** Whether a cache server says that it is ready. */
  public boolean isReady(String cacheServer) {
    return api.isReady(URI.create(urlOf(cacheServer)));
  }

  /** Whether all of a shard's servers are members of its group, and the leader hears them. */
  public boolean isWhole(int shard) {
    String leader = leaderOf(shard);
    try {
      return leader != null && api.group(URI.create(urlOf(leader))).isWhole(cluster.members());
    } catch (WeirException e) {
      return false;
    }
  }

  /** Asks a leader to hand over. Returns whether it did. */
  public boolean transfer(String cacheServer) {
    try {
      api.transfer(URI.create(urlOf(cacheServer)), FLUSH);
      return true;
    } catch (WeirException e) {
      return false;
    }
  }

  /**
   * Has every leader write back all that is dirty.
   *
   * @return the shards, counted from 0, whose leader did not in time
   */
  public List<Integer> flushAll() throws InterruptedException {
    List<Integer> failed = new ArrayList<>();
    for (int shard = 0; shard < cluster.shardUrls().size(); shard++) {
      if (!flush(shard)) {
        failed.add(shard);
      }
    }
    return failed;
  }

  private boolean flush(int shard) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FLUSH_SECONDS);
    while (System.nanoTime() < deadline) {
      String leader = leaderOf(shard);
      if (leader != null && isFlushed(leader)) {
        return true;
      }
      Thread.sleep(RETRY_MILLIS);
    }
    return false;
  }

  private boolean isFlushed(String leader) {
    try {
      FlushReport flush = api.flush(URI.create(urlOf(leader)), FLUSH);
      return flush.flushed() && flush.dirtyEntries() == 0;
    } catch (WeirException e) {
      return false;
    }
  }

  /**
   * How many flushes a shard's database lacks that it had acknowledged, as its leader says; 0 when
   * it has not gone back, or nobody leads who could tell.
   */
  public long missingFlushes(int shard) {
    String leader = leaderOf(shard);
    if (leader == null) {
      return 0;
    }
    try {
      DatabaseReport report = api.database(URI.create(urlOf(leader)));
      return report.wentBack() ? report.missingFlushes() : 0;
    } catch (WeirException e) {
      return 0;
    }
  }

  /** Has a shard's leader accept a database that lacks so many flushes. Returns whether it did. */
  public boolean acceptDatabase(int shard, long missing) {
    String leader = leaderOf(shard);
    if (leader == null) {
      return false;
    }
    try {
      return !api.acceptDatabase(URI.create(urlOf(leader)), missing).wentBack();
    } catch (WeirException e) {
      return false;
    }
  }

  /** Stops everything in order. Returns whether all ended well. */
  public boolean stop() throws InterruptedException {
    return supervisor.stop();
  }

  /** Ends at once all that still runs. */
  public void kill() {
    supervisor.kill();
  }

  /** Whether nobody chose where the files are. */
  public boolean isTemporary() {
    return directory.isTemporary();
  }

  /** Deletes the files of a cluster that is stopped, unless somebody chose where they are. */
  public void forget() {
    if (directory.isTemporary()) {
      directory.delete();
    }
  }

  /** Ends at once what still runs. */
  @Override
  public void close() {
    supervisor.close();
    guard.close();
    api.close();
    directory.close();
  }
}
