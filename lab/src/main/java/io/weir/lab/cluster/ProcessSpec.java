package io.weir.lab.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process of the demo: what it is and how it is started, each time alike.
 *
 * @param name of its log, and in messages
 * @param nodeId null for the database
 * @param url where it is reached; a cache server's is the one that it advertises
 * @param port that it listens on
 * @param fastPort that it listens on as well; null when it has none
 * @param shard number of the shard, from 0; null but for cache servers
 * @param jdbcUrl database that it uses, account included; null for the database process itself
 * @param environment variables besides those of this process
 * @param stopTimeout how long an orderly stop may take
 */
record ProcessSpec(
    Role role,
    String name,
    @Nullable String nodeId,
    String url,
    int port,
    @Nullable Integer fastPort,
    @Nullable Integer shard,
    @Nullable String jdbcUrl,
    List<String> command,
    Map<String, String> environment,
    Duration stopTimeout) {

  ProcessSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** All ports that it listens on. */
  List<Listener> listeners() {
    List<Listener> all = new ArrayList<>(List.of(new Listener(port, name)));
    if (role == Role.CACHE) {
      all.add(new Listener(port + Cluster.RAFT_PORT_OFFSET, name + "'s journal"));
    }
    if (fastPort != null) {
      all.add(new Listener(fastPort, name + "'s fast port"));
    }
    return all;
  }

  /** Leaves out the account in the JDBC URL. */
  @Override
  public String toString() {
    return name + " (" + url + ")";
  }
}
