package io.weir.cache.redis;

import io.weir.cache.redis.ClusterMap.Part;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Routes by the map of the cluster. Safe for use by many threads.
 *
 * <p>While this server has not been told which slots are its own, no command is misdirected: the
 * engine says that it does not serve yet.
 */
public final class ClusterRoutes implements Routes {

  private static final Reply DOWN = new Reply.Failure("CLUSTERDOWN The cluster is down");
  private static final Reply NOT_SERVED = new Reply.Failure("CLUSTERDOWN Hash slot not served");

  private static final Reply NO_FAST_PORT =
      new Reply.Failure(
          "CLUSTERDOWN the leader of this slot has no fast port: set weir.fast.enabled there");

  private final Supplier<ClusterMap> cluster;

  /**
   * @param cluster asked for every command
   */
  public ClusterRoutes(Supplier<ClusterMap> cluster) {
    this.cluster = cluster;
  }

  @Override
  public @Nullable Reply misdirected(int slot, boolean readOnly) {
    ClusterMap map = cluster.get();
    Part part = map.partOf(slot);
    if ((part.isOwn() && (map.leads() || readOnly)) || !map.isAssigned()) {
      return null;
    }
    ClusterMap.Node leader = part.leader();
    if (leader != null) {
      return new Reply.Failure("MOVED " + slot + " " + leader.address());
    }
    return switch (part.standing()) {
      case UNOWNED -> NOT_SERVED;
      case UNREACHABLE -> NO_FAST_PORT;
      case LED, UNLED -> DOWN;
    };
  }

  @Override
  public boolean awaitsLeader(int slot) {
    ClusterMap map = cluster.get();
    Part part = map.partOf(slot);
    return map.isAssigned()
        && part.standing() == ClusterMap.Standing.UNLED
        && !(part.isOwn() && map.leads());
  }
}
