package io.weir.cache.server;

import io.weir.cache.kv.Claim;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many members a group is to have: as many as its leader's setting says; without one, as many
 * as it has had. The database keeps that, so that neither a change of leader nor a member that is
 * gone for a while makes the group smaller for good.
 *
 * <p><b>Concurrency.</b> Confined to one thread.
 */
final class GroupSize {

  /** More cost every write a reply more, and survive no more machines than anybody loses. */
  static final int MOST_MEMBERS = 5;

  private final @Nullable Integer configured;
  private final ShardRegistry registry;
  private @Nullable Claim under;
  private int recorded;
  private int inDatabase;

  /**
   * @param configured by the operator; null for none
   */
  GroupSize(@Nullable Integer configured, ShardRegistry registry) {
    this.configured = configured;
    this.registry = registry;
  }

  /**
   * The size that is wished for. Asks the database once a reign.
   *
   * @param voters how many members the group has
   */
  int wished(Claim claim, int voters) {
    if (!claim.equals(under)) {
      int named = registry.read().map(ShardRow::members).map(List::size).orElse(0);
      inDatabase = registry.groupSize();
      recorded = Math.max(inDatabase, named);
      under = claim;
    }
    if (configured != null) {
      return configured;
    }
    recorded = Math.min(MOST_MEMBERS, Math.max(recorded, voters));
    return recorded;
  }

  /** Tells the database, when it does not know. */
  void record(Claim claim, int wished) {
    if (wished != inDatabase) {
      registry.recordGroupSize(claim, wished);
      inDatabase = wished;
    }
  }

  /** Whether members beyond the size are to go: only an operator's word makes a group smaller. */
  boolean mayShrink() {
    return configured != null;
  }
}
