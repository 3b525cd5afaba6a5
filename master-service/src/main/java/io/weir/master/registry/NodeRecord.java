package io.weir.master.registry;

import io.weir.model.DatabaseServer;
import io.weir.model.GroupMember;
import io.weir.model.JournalFormats;
import io.weir.model.ListedServer;
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
 * @param fastUrl of its fast port; null when it has none
 * @param externalFastUrl of that port for clients outside its network; null when they have none
 * @param role what it is taken for: a claim to lead that does not count makes a replica
 * @param claim what it registered with last
 * @param journal {@code host:port:incarnation}; null before it has one
 * @param journalFormats what it reads and writes there; null when it does not tell
 * @param databaseServer that answers it; null when it does not tell
 * @param proof fingerprint of what it has shown; null when it has shown nothing
 * @param state as published: a lease that ran out shows here once a sweep has seen it
 */
public record NodeRecord(
    NodeId id,
    ShardId shard,
    URI url,
    @Nullable URI externalUrl,
    @Nullable URI fastUrl,
    @Nullable URI externalFastUrl,
    NodeRole role,
    Claim claim,
    @Nullable String journal,
    @Nullable JournalFormats journalFormats,
    @Nullable DatabaseServer databaseServer,
    @Nullable String proof,
    NodeState state) {

  ListedServer listed(Network network) {
    if (network == Network.EXTERNAL && externalUrl != null) {
      return new ListedServer(id, externalUrl, state, externalFastUrl);
    }
    boolean apart = network == Network.EXTERNAL && externalFastUrl != null;
    return new ListedServer(id, url, state, apart ? externalFastUrl : fastUrl);
  }

  /** What the other servers of its shard are told. */
  public GroupMember groupMember() {
    return new GroupMember(id, url, role, state, journal, journalFormats, databaseServer);
  }

  NodeRecord down() {
    return new NodeRecord(
        id,
        shard,
        url,
        externalUrl,
        fastUrl,
        externalFastUrl,
        role,
        claim,
        journal,
        journalFormats,
        databaseServer,
        proof,
        NodeState.DOWN);
  }
}
