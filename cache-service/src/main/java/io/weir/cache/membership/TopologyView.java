package io.weir.cache.membership;

import io.weir.cache.door.Ownership;
import io.weir.model.ListedServer;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import java.net.URI;
import java.util.ArrayList;
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

  private volatile @Nullable Known known;

  private volatile Leader leader = new Leader(null, 0);

  private final Consumer<Topology> keep;

  /** Who leads this server's shard, by its journal. */
  record Leader(@Nullable URI url, long term) {}

  /**
   * What masters have said.
   *
   * @param shards those of the topology, but for what it has lost: a shard that has no leader keeps
   *     its last one, as one that is down, and slots that had a shard keep it
   */
  record Known(Topology topology, List<Shard> shards) {

    static Known after(@Nullable Known before, Topology answered) {
      return new Known(
          answered, before == null ? answered.shards() : kept(before.shards(), answered.shards()));
    }

    private static List<Shard> kept(List<Shard> before, List<Shard> answered) {
      List<Shard> all = new ArrayList<>();
      for (Shard shard : answered) {
        Shard earlier =
            before.stream().filter(one -> one.id().equals(shard.id())).findFirst().orElse(null);
        ListedServer last = earlier == null ? null : earlier.leader();
        all.add(shard.leader() != null || last == null ? shard : ledLastBy(shard, last));
      }
      for (Shard shard : before) {
        if (shard.ranges().stream()
            .allMatch(range -> answered.stream().noneMatch(one -> overlaps(one, range)))) {
          all.add(shard);
        }
      }
      return List.copyOf(all);
    }

    private static boolean overlaps(Shard shard, SlotRange range) {
      return shard.ranges().stream()
          .anyMatch(own -> own.first() <= range.last() && range.first() <= own.last());
    }

    private static Shard ledLastBy(Shard shard, ListedServer last) {
      return new Shard(
          shard.id(),
          shard.ranges(),
          shard.term(),
          new ListedServer(last.nodeId(), last.url(), NodeState.DOWN, last.fastUrl()),
          shard.replicas().stream().filter(one -> !one.nodeId().equals(last.nodeId())).toList());
    }
  }

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
    Known before = known;
    known = Known.after(before, answered);
    if (before == null || before.topology().version() != answered.version()) {
      keep.accept(answered);
    }
  }

  /** Takes the last topology of an earlier process, until a master answers. */
  public void recall(Topology remembered) {
    known = known == null ? Known.after(null, remembered) : known;
  }

  /** Takes who leads this server's shard; null for nobody. */
  public void ledBy(@Nullable URI url, long term) {
    leader = new Leader(url, term);
  }

  @Nullable List<SlotRange> ownRanges() {
    return own;
  }

  @Nullable Known known() {
    return known;
  }

  Leader journalLeader() {
    return leader;
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
    Known now = known;
    return now == null ? 0 : now.topology().version();
  }

  private @Nullable Shard shard(int slot) {
    Known now = known;
    return now == null ? null : now.topology().ownerOf(slot);
  }
}
