package io.weir.cache.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.HashSlots;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TopologyViewTest {

  private static final URI OTHER = URI.create("http://127.0.0.1:7402");

  private final TopologyView view = new TopologyView();

  @Test
  void nothingIsKnownAtFirst() {
    assertThat(view.isAssigned()).isFalse();
    assertThat(view.owns(0)).isFalse();
    assertThat(view.ownerOf(0)).isNull();
    assertThat(view.termOf(0)).isZero();
    assertThat(view.topologyVersion()).isZero();
  }

  @Test
  void ownSlotsAreKnownWithoutATopology() {
    view.own(List.of(new SlotRange(0, 100)));
    assertThat(view.isAssigned()).isTrue();
    assertThat(view.owns(100)).isTrue();
    assertThat(view.owns(101)).isFalse();
    assertThat(view.ownerOf(101)).isNull();
  }

  @Test
  void whoHasTheOtherSlotsIsInTheTopology() {
    view.own(List.of(new SlotRange(0, 100)));
    view.learn(topology(5, 3, new ListedServer(new NodeId("cache-2"), OTHER, NodeState.UP)));
    assertThat(view.ownerOf(101)).isEqualTo(OTHER);
    assertThat(view.termOf(101)).isEqualTo(3);
    assertThat(view.topologyVersion()).isEqualTo(5);
    assertThat(view.ownerOf(0)).isNull();
    assertThat(view.termOf(0)).isZero();
  }

  @Test
  void aLeaderThatIsDownOwnsNothing() {
    view.learn(topology(5, 3, new ListedServer(new NodeId("cache-2"), OTHER, NodeState.DOWN)));
    assertThat(view.ownerOf(101)).isNull();
    assertThat(view.termOf(101)).isEqualTo(3);
  }

  @Test
  void aShardWithoutALeaderHasATermAndNoOwner() {
    view.learn(topology(5, 3, null));
    assertThat(view.ownerOf(101)).isNull();
    assertThat(view.termOf(101)).isEqualTo(3);
  }

  @Test
  void aRegistryThatCountsAnewIsBelieved() {
    view.learn(topology(5, 3, null));
    view.learn(topology(1, 4, null));
    assertThat(view.topologyVersion()).isEqualTo(1);
    assertThat(view.termOf(101)).isEqualTo(4);
  }

  @Test
  void aSpareHasBeenToldThatItOwnsNothing() {
    view.learn(topology(5, 3, null));
    assertThat(view.isAssigned()).isFalse();
    view.own(List.of());
    assertThat(view.isAssigned()).isTrue();
    assertThat(view.owns(101)).isFalse();
  }

  private static Topology topology(long version, long term, @Nullable ListedServer leader) {
    Shard shard =
        new Shard(
            ShardId.random(),
            List.of(new SlotRange(101, HashSlots.COUNT - 1)),
            term,
            leader,
            List.of());
    return new Topology(
        version, HashSlots.COUNT, TopologyState.SERVING, List.of(shard), List.of(), null, null);
  }
}
