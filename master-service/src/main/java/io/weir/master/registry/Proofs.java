package io.weir.master.registry;

import io.weir.model.RegistrationRequest;
import io.weir.model.ShardProof;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may speak for a shard. A token lets a server speak to the masters, about any shard; what
 * tells the servers of one is what they read in its database, the shard's proof. The first servers
 * of a shard say which that is, and it stands from when all have shown the same: until then some
 * may be of a release that shows none. From then on a registration without it changes nothing,
 * whatever generation and term it names.
 *
 * <p>All of them are those that are up, or were a while ago: the lease of a server that shows none
 * may run out and it be alive. For the same while after a shard has become known here, or has been
 * forgotten, no proof stands: the first to come is not yet all there are.
 *
 * <p>The registry keeps fingerprints.
 */
final class Proofs {

  /** How many leases a server may be silent before it does not count any more. */
  private static final int LEASES = 10;

  private Proofs() {}

  /** How long a server that is down still counts, and no proof stands for a shard that is new. */
  static Duration wait(Duration lease) {
    return lease.multipliedBy(LEASES);
  }

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

  /** The state in which the shard's proof stands, if all of its servers show one. */
  static RegistryState settled(
      RegistryState state, Leases leases, Duration wait, ShardRecord shard) {
    if (shard.proof() != null || !leases.isPast(shard.proofFrom())) {
      return state;
    }
    List<@Nullable String> shown =
        state.nodes().stream()
            .filter(node -> node.shard().equals(shard.id()) && !leases.ranOut(node, wait))
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
