package io.weir.master.registry;

import io.weir.model.Member;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.NodeState;
import io.weir.model.ShardId;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the registry remembers of a node until it takes its leave; the lease itself is kept apart,
 * since every heartbeat moves it.
 *
 * @param externalUrl null when clients outside its network use {@code url} too
 * @param role what it says it is
 * @param claim what it registered with last
 * @param state as published: a lease that ran out shows here once a sweep has seen it
 */
public record NodeRecord(
    NodeId id,
    ShardId shard,
    URI url,
    @Nullable URI externalUrl,
    NodeRole role,
    Claim claim,
    NodeState state) {

  Member member(Network network) {
    URI reached = network == Network.EXTERNAL && externalUrl != null ? externalUrl : url;
    return new Member(id, reached, state);
  }

  NodeRecord down() {
    return new NodeRecord(id, shard, url, externalUrl, role, claim, NodeState.DOWN);
  }
}
