package io.weir.master.registry;

import io.weir.model.NodeState;
import io.weir.model.RegistrationRequest;
import io.weir.model.ShardProof;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may speak for a shard. A token lets a server speak to the masters, about any shard; what
 * tells the servers of one is what they read in its database, the shard's proof. The first servers
 * of a shard say which that is, and it stands from when all that are up have shown the same: until
 * then some may be of a release that shows none. From then on a registration without it changes
 * nothing, whatever generation and term it names.
 *
 * <p>The registry keeps fingerprints.
 */
final class Proofs {

  private Proofs() {}

  /** What a registration shows; null for nothing. */
  static @Nullable String fingerprint(RegistrationRequest request) {
    ShardProof proof = request.proof();
    return proof == null ? null : proof.fingerprint();
  }

  /**
   * @throws ForeignShardException when the shard has a proof, and the registration does not show it
   */
  static void check(ShardRecord shard, RegistrationRequest request) {
    String wanted = shard.proof();
    if (wanted == null) {
      return;
    }
    String shown = fingerprint(request);
    if (shown == null || !isSame(wanted, shown)) {
      throw new ForeignShardException(
          "Node "
              + request.nodeId()
              + " shows "
              + (shown == null
                  ? "no proof that it has the database of shard "
                  : "another proof than the other servers of shard ")
              + shard.id()
              + ". A server of an earlier release shows none: upgrade it. After a restore of a"
              + " database or a step back to an earlier release, 'weir forget-claim "
              + shard.id()
              + "' lets the shard's servers begin anew.");
    }
  }

  /** The state in which the shard's proof stands, if all of its servers that are up show one. */
  static RegistryState settled(RegistryState state, ShardRecord shard) {
    if (shard.proof() != null) {
      return state;
    }
    List<@Nullable String> shown =
        state.nodes().stream()
            .filter(node -> node.shard().equals(shard.id()) && node.state() == NodeState.UP)
            .<@Nullable String>map(NodeRecord::proof)
            .distinct()
            .toList();
    String one = shown.size() == 1 ? shown.getFirst() : null;
    return one == null ? state : state.with(shard.provenBy(one));
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }
}
