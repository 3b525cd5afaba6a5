package io.weir.master.registry;

import io.weir.model.EventType;
import io.weir.model.NodeState;
import io.weir.model.TopologyState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What differs between two states of the registry: the events of the transaction that leads from
 * one to the other, and the lines in the log of every master that sees it.
 */
final class Changes {

  private static final Logger log = LoggerFactory.getLogger("registry");

  private Changes() {}

  static void log(RegistryState before, RegistryState after) {
    // The first state that a process reads is no change.
    if (before.version() != RegistryState.UNREAD.version()) {
      between(before, after)
          .forEach(change -> log.info("version {}: {}", after.version(), change.text()));
    }
  }

  /** In the order in which to tell them. */
  static List<Change> between(RegistryState before, RegistryState after) {
    List<Change> changes = new ArrayList<>();
    Founding founding = after.founding();
    if (founding != null && before.founding() == null) {
      changes.add(
          new Change(
              EventType.FOUNDED,
              null,
              null,
              (founding.adopted() ? "adopted" : "founded")
                  + " cluster "
                  + founding.cluster()
                  + " of "
                  + founding.shards()
                  + " shards"));
    }
    for (ShardRecord shard : after.shards()) {
      assigned(before.shard(shard.id()), shard, changes);
    }
    for (NodeRecord node : before.nodes()) {
      if (after.node(node.id()) == null) {
        changes.add(change(EventType.LEFT, node, " left"));
      }
    }
    for (NodeRecord node : after.nodes()) {
      moved(before.node(node.id()), node, changes);
    }
    for (ShardRecord shard : after.shards()) {
      led(before.shard(shard.id()), shard, changes);
    }
    served(before, after, changes);
    return changes;
  }

  private static void assigned(
      @Nullable ShardRecord before, ShardRecord shard, List<Change> changes) {
    if (before == null || !before.ranges().equals(shard.ranges())) {
      changes.add(
          new Change(
              EventType.ASSIGNED,
              null,
              shard.id(),
              shard.ranges().isEmpty()
                  ? "shard " + shard.id() + " is a spare"
                  : "shard " + shard.id() + " owns slots " + SlotRangesText.write(shard.ranges())));
    }
  }

  private static void moved(@Nullable NodeRecord before, NodeRecord node, List<Change> changes) {
    if (before == null) {
      changes.add(change(EventType.JOINED, node, " joined, " + node.url() + ", " + node.claim()));
    } else if (before.state() != node.state()) {
      changes.add(
          node.state() == NodeState.UP
              ? change(EventType.RETURNED, node, " is up again")
              : change(EventType.LOST, node, " is down: its lease ran out"));
    } else if (!before.shard().equals(node.shard())) {
      changes.add(change(EventType.MOVED, node, " came from shard " + before.shard()));
    } else if (!before.url().equals(node.url())) {
      changes.add(
          change(EventType.MOVED, node, " moved from " + before.url() + " to " + node.url()));
    }
  }

  private static void led(@Nullable ShardRecord before, ShardRecord shard, List<Change> changes) {
    if (shard.leader() == null
        || (before != null
            && Objects.equals(before.leader(), shard.leader())
            && before.claim().equals(shard.claim()))) {
      return;
    }
    boolean anew =
        before == null || before.leader() == null || before.leader().equals(shard.leader());
    changes.add(
        new Change(
            anew ? EventType.LED : EventType.FAILED_OVER,
            shard.leader(),
            shard.id(),
            "shard "
                + shard.id()
                + " is led by node "
                + shard.leader()
                + (anew || before == null ? "" : " instead of node " + before.leader())
                + ", "
                + shard.claim()));
  }

  private static void served(RegistryState before, RegistryState after, List<Change> changes) {
    TopologyState was = TopologyView.of(before, Network.INTERNAL).state();
    TopologyState is = TopologyView.of(after, Network.INTERNAL).state();
    if (was == is) {
      return;
    }
    if (is == TopologyState.SERVING) {
      changes.add(new Change(EventType.SERVING, null, null, "every slot has an owner that serves"));
    } else if (was == TopologyState.SERVING) {
      changes.add(
          new Change(EventType.DEGRADED, null, null, "some slots have no owner that serves"));
    }
  }

  private static Change change(EventType type, NodeRecord node, String text) {
    return new Change(
        type, node.id(), node.shard(), "node " + node.id() + " of shard " + node.shard() + text);
  }
}
