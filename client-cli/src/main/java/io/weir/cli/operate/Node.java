package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.model.ListedServer;
import io.weir.model.Shard;
import io.weir.model.Topology;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A cache server of the topology, and the shard that it belongs to. */
record Node(String id, URI url, Shard shard) {

  /** The server of a name. */
  static Node named(String id, Topology topology) {
    TreeSet<String> others = new TreeSet<>();
    for (Shard shard : shards(topology)) {
      for (ListedServer server : servers(shard)) {
        if (server.nodeId().toString().equals(id)) {
          return new Node(id, server.url(), shard);
        }
        others.add(server.nodeId().toString());
      }
    }
    throw new CommandException(
        ExitCodes.USAGE,
        "there is no cache server '" + id + "'; there are " + String.join(", ", others));
  }

  /** The leaders of all shards that own slots. */
  static List<Node> leaders(Topology topology) {
    List<Node> leaders = new ArrayList<>();
    for (Shard shard : topology.shards()) {
      leaders.add(leaderOf(shard));
    }
    if (leaders.isEmpty()) {
      throw new CommandException(ExitCodes.NOT_REACHABLE, "the cluster has no shard yet");
    }
    return leaders;
  }

  /** The leader of the shard whose id begins so. */
  static Node leaderOfShard(String beginning, Topology topology) {
    return leaderOf(shard(beginning, topology));
  }

  /** The shard whose id begins so. */
  static Shard shard(String beginning, Topology topology) {
    List<Shard> found =
        shards(topology).stream()
            .filter(shard -> shard.id().toString().startsWith(beginning))
            .toList();
    if (found.size() != 1) {
      throw Refusals.usage(
          (found.isEmpty() ? "there is no shard '" : "there are several shards '")
              + beginning
              + "'; there are "
              + shards(topology).stream()
                  .map(shard -> shard.id().toString())
                  .collect(Collectors.joining(", ")));
    }
    return found.getFirst();
  }

  /** The leader of a slot's shard. */
  static Node leaderOf(int slot, Topology topology) {
    Shard owner = topology.ownerOf(slot);
    if (owner == null) {
      throw new CommandException(ExitCodes.NOT_REACHABLE, "no shard owns slot " + slot + " yet");
    }
    return leaderOf(owner);
  }

  private static Node leaderOf(Shard shard) {
    ListedServer leader = shard.servingLeader();
    if (leader == null) {
      ListedServer last = shard.leader();
      throw new CommandException(
          ExitCodes.NOT_REACHABLE,
          "shard "
              + shard.id()
              + ", slots "
              + shard.ranges()
              + ", has no leader"
              + (last == null ? "" : ": " + last.nodeId() + ", which led it last, is down"));
    }
    return new Node(leader.nodeId().toString(), leader.url(), shard);
  }

  private static List<Shard> shards(Topology topology) {
    List<Shard> all = new ArrayList<>(topology.shards());
    all.addAll(topology.spares());
    return all;
  }

  private static List<ListedServer> servers(Shard shard) {
    List<ListedServer> servers = new ArrayList<>(shard.replicas());
    ListedServer leader = shard.leader();
    if (leader != null) {
      servers.addFirst(leader);
    }
    return servers;
  }
}
