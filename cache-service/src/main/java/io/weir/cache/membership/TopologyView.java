package io.weir.cache.membership;

import io.weir.cache.door.Ownership;
import io.weir.model.ListedServer;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What this server knows of the cluster: its own slots, which never change once assigned, who leads
 * its own shard, by the journal, and the topology as of the last answer of a master.
 *
 * <p><b>Concurrency.</b> Three immutable snapshots, each behind a volatile field; read on every
 * request.
 */
public final class TopologyView implements Ownership {

  /** Null until this server has been told; a spare has none. */
  private volatile @Nullable List<SlotRange> own;

  private volatile @Nullable Topology topology;

  private volatile Leader leader = new Leader(null, 0);

  private final Consumer<Topology> keep;

  private record Leader(@Nullable URI url, long term) {}

  public TopologyView() {
    this(topology -> {});
  }

  /**
   * @param keep is handed each topology of another version than the one before, by the thread that
   *     brings it
   */
  public TopologyView(Consumer<Topology> keep) {
    this.keep = keep;
  }

  /** Takes the slots that this server's database holds; none makes it a spare. */
  public void own(List<SlotRange> ranges) {
    own = List.copyOf(ranges);
  }

  /** Takes the topology that a master answered with; a registry set up anew counts from 1 again. */
  public void learn(Topology answered) {
    Topology before = topology;
    topology = answered;
    if (before == null || before.version() != answered.version()) {
      keep.accept(answered);
    }
  }

  /** Takes the last topology of an earlier process, until a master answers. */
  public void recall(Topology remembered) {
    topology = topology == null ? remembered : topology;
  }

  /** Takes who leads this server's shard; null for nobody. */
  public void ledBy(@Nullable URI url, long term) {
    leader = new Leader(url, term);
  }

  @Override
  public @Nullable URI leader() {
    return leader.url();
  }

  @Override
  public long leaderTerm() {
    return leader.term();
  }

  @Override
  public boolean isAssigned() {
    return own != null;
  }

  @Override
  public boolean owns(int slot) {
    List<SlotRange> ranges = own;
    return ranges != null && SlotRange.anyContains(ranges, slot);
  }

  @Override
  public @Nullable URI ownerOf(int slot) {
    Shard shard = shard(slot);
    ListedServer leader = shard == null ? null : shard.servingLeader();
    return leader == null ? null : leader.url();
  }

  @Override
  public long termOf(int slot) {
    Shard shard = shard(slot);
    return shard == null ? 0 : shard.term();
  }

  @Override
  public long topologyVersion() {
    Topology known = topology;
    return known == null ? 0 : known.version();
  }

  private @Nullable Shard shard(int slot) {
    Topology known = topology;
    return known == null ? null : known.ownerOf(slot);
  }
}
