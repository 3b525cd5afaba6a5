package io.weir.lab.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The shape of a cluster on this machine.
 *
 * @param shards number of shards
 * @param members cache servers of each shard
 * @param port the master's; the cache servers' and the database's follow
 * @param cacheSettings for every cache server
 * @param mysqlUrls one for each shard; empty for a database process of the cluster's own
 */
public record ClusterPlan(
    int shards, int members, int port, Map<String, String> cacheSettings, List<String> mysqlUrls) {

  private static final int MOST_SHARDS = 64;
  private static final int MOST_MEMBERS = 5;
  private static final int MOST_PORT = 65_535;

  /** What the cluster itself sets, since the cluster would not come together otherwise. */
  private static final Set<String> RESERVED =
      Set.of(
          "server.port",
          "weir.node-id",
          "weir.advertise.url",
          "weir.advertise.raft",
          "weir.advertise.fast-url",
          "weir.raft.port",
          "weir.fast.port",
          "weir.master.urls",
          "weir.data-dir",
          "weir.database.url");

  /** Rejects what cannot be done, naming the command line's option. */
  public ClusterPlan {
    check(shards >= 1 && shards <= MOST_SHARDS, "--shards is 1 to " + MOST_SHARDS, shards);
    check(members >= 1 && members <= MOST_MEMBERS, "--members is 1 to " + MOST_MEMBERS, members);
    int mostPort = MOST_PORT - shards * members - 1 - Cluster.FAST_PORT_OFFSET;
    check(
        port >= 1 && port <= mostPort,
        "--port is 1 to " + mostPort + " with --shards " + shards + " and --members " + members,
        port);
    for (String name : cacheSettings.keySet()) {
      if (RESERVED.contains(name)) {
        throw new IllegalArgumentException("--set cannot set " + name + ": the demo sets it");
      }
    }
    if (!mysqlUrls.isEmpty()) {
      check(
          mysqlUrls.size() == shards,
          "--mysql takes one URL for each of the " + shards + " shards (--shards)",
          mysqlUrls.size());
    }
    Set<String> schemas = new HashSet<>();
    for (String url : mysqlUrls) {
      if (!url.startsWith("jdbc:mysql:")) {
        throw new IllegalArgumentException(
            "--mysql takes URLs that start with jdbc:mysql:, got " + JdbcUrls.location(url));
      }
      if (!schemas.add(JdbcUrls.location(url))) {
        throw new IllegalArgumentException(
            "--mysql takes a schema of its own for each shard, got twice "
                + JdbcUrls.location(url));
      }
    }
    cacheSettings = Map.copyOf(cacheSettings);
    mysqlUrls = List.copyOf(mysqlUrls);
  }

  /** The same with other settings for the cache servers. */
  ClusterPlan withCacheSettings(Map<String, String> settings) {
    return new ClusterPlan(shards, members, port, settings, mysqlUrls);
  }

  private static void check(boolean holds, String rule, int value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", got " + value);
    }
  }
}
