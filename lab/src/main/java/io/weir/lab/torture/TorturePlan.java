package io.weir.lab.torture;

import io.weir.lab.cluster.ClusterPlan;
import io.weir.load.run.LoadDoor;
import io.weir.model.Durations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a torture is to be.
 *
 * @param seed of all that is random
 * @param classPath jars for the cache servers besides their own
 * @param dataDirectory null for a temporary one
 */
public record TorturePlan(
    long seed,
    Shape cluster,
    Traffic traffic,
    Faults faults,
    List<Path> classPath,
    @Nullable Path dataDirectory) {

  /** How long a flush is on trial before the cache servers take it for lasting. */
  static final String SETTLE = "weir.write-back.settle";

  static final String USUAL_SETTLE = "5s";

  /** Of the trial, what a replica may lag behind: the rest is for a machine that is slow. */
  private static final double LAG_SHARE = 0.4;

  private static final Duration SHORTEST_SETTLE = Duration.ofSeconds(1);
  private static final int MOST_PORT = 65_535;

  /**
   * The cluster that is hurt.
   *
   * @param members cache servers of each shard
   * @param port the master's
   * @param settings for every cache server
   * @param mysqlUrls one for each shard; empty for a database process of the cluster's own
   * @param mysqlReplicaUrls one for each of them, of another server; empty for none
   */
  public record Shape(
      int shards,
      int members,
      int port,
      Map<String, String> settings,
      List<String> mysqlUrls,
      List<String> mysqlReplicaUrls) {

    /** The same as a cluster is started by, with these settings. */
    ClusterPlan with(Map<String, String> others) {
      return new ClusterPlan(shards, members, port, others, mysqlUrls);
    }
  }

  /**
   * The clients that use it meanwhile.
   *
   * @param thinkTime what a client waits between two operations
   * @param largeValues whether values have {@link Recorder#LARGE} bytes and more, and G1 collects
   *     the heaps that they are in: there each takes whole regions
   * @param door by which clients come to the cache servers
   */
  public record Traffic(
      int clients, int keys, Duration thinkTime, boolean largeValues, LoadDoor door) {}

  /**
   * How it is hurt.
   *
   * @param kinds those that occur
   * @param least fewer faults make the run fail, since it has shown less than it was to
   * @param duration how long they go on
   */
  public record Faults(Set<Fault> kinds, int least, Duration duration) {}

  /** Rejects what cannot be done, naming the command line's option. */
  public TorturePlan {
    Duration duration = faults.duration();
    check(!duration.isNegative() && duration.toSeconds() >= 1, "--duration is at least 1s");
    check(between(1, cluster.shards(), 8), "--shards is 1 to 8, got " + cluster.shards());
    check(between(1, cluster.members(), 5), "--members is 1 to 5, got " + cluster.members());
    int mostPort = MOST_PORT - cluster.shards() * cluster.members() - Wiring.DATABASE_PROXY_OFFSET;
    check(
        between(1, cluster.port(), mostPort),
        "--port is 1 to " + mostPort + " with these members, got " + cluster.port());
    check(between(1, traffic.clients(), 256), "--clients is 1 to 256, got " + traffic.clients());
    check(between(1, traffic.keys(), 100_000), "--keys is 1 to 100000, got " + traffic.keys());
    for (Path jar : classPath) {
      check(Files.isRegularFile(jar), "--cache-classpath: there is no file " + jar);
    }
    check(!faults.kinds().isEmpty(), "--faults leaves nothing that can be done with these members");
    int replicas = cluster.mysqlReplicaUrls().size();
    check(
        replicas == 0 || replicas == cluster.mysqlUrls().size(),
        "--mysql-replica takes one URL for each of the "
            + cluster.mysqlUrls().size()
            + " of --mysql, got "
            + replicas);
    if (replicas > 0) {
      Stream.concat(cluster.mysqlUrls().stream(), cluster.mysqlReplicaUrls().stream())
          .forEach(MysqlServer::new);
    }
    check(
        !faults.kinds().contains(Fault.DATABASE_FAILOVER)
            || settle(cluster).compareTo(SHORTEST_SETTLE) >= 0,
        Fault.DATABASE_FAILOVER
            + " takes --set "
            + SETTLE
            + " of at least 1s: flushes that a"
            + " replica lacks are lost otherwise");
  }

  /** How far a replica may lag behind that is failed over to. */
  Duration longestLag() {
    return Duration.ofMillis((long) (settle(cluster).toMillis() * LAG_SHARE));
  }

  private static Duration settle(Shape cluster) {
    String text = cluster.settings().getOrDefault(SETTLE, USUAL_SETTLE);
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--set " + SETTLE + ": " + e.getMessage(), e);
    }
  }

  private static boolean between(int least, int value, int most) {
    return value >= least && value <= most;
  }

  private static void check(boolean holds, String sentence) {
    if (!holds) {
      throw new IllegalArgumentException(sentence);
    }
  }
}
