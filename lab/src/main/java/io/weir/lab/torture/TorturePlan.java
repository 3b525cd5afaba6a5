package io.weir.lab.torture;

import io.weir.lab.cluster.ClusterPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private static final int MOST_PORT = 65_535;

  /**
   * The cluster that is hurt.
   *
   * @param members cache servers of each shard
   * @param port the master's
   * @param settings for every cache server
   * @param mysqlUrls one for each shard; empty for a database process of the cluster's own
   */
  public record Shape(
      int shards, int members, int port, Map<String, String> settings, List<String> mysqlUrls) {

    /** The same as a cluster is started by, with these settings. */
    ClusterPlan with(Map<String, String> others) {
      return new ClusterPlan(shards, members, port, others, mysqlUrls);
    }
  }

  /**
   * The clients that use it meanwhile.
   *
   * @param thinkTime what a client waits between two operations
   */
  public record Traffic(int clients, int keys, Duration thinkTime) {}

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
