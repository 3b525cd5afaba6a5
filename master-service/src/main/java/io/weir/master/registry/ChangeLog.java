package io.weir.master.registry;

import io.weir.model.NodeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line in the log for each thing that differs between two states of the registry. */
final class ChangeLog {

  private static final Logger log = LoggerFactory.getLogger("registry");

  private ChangeLog() {}

  static void write(RegistryState before, RegistryState after) {
    // The first state that a process reads is no change.
    if (before.version() != RegistryState.UNREAD.version()) {
      lines(before, after).forEach(line -> log.info("version {}: {}", after.version(), line));
    }
  }

  static List<String> lines(RegistryState before, RegistryState after) {
    List<String> lines = new ArrayList<>();
    Founding founding = after.founding();
    if (founding != null && before.founding() == null) {
      lines.add(
          (founding.adopted() ? "adopted" : "founded")
              + " cluster "
              + founding.cluster()
              + " of "
              + founding.shards()
              + " shards");
    }
    for (ShardRecord shard : after.shards()) {
      describe(before.shard(shard.id()), shard, lines);
    }
    for (NodeRecord node : before.nodes()) {
      if (after.node(node.id()) == null) {
        lines.add("node " + node.id() + " of shard " + node.shard() + " deregistered");
      }
    }
    for (NodeRecord node : after.nodes()) {
      describe(before.node(node.id()), node, lines);
    }
    return lines;
  }

  private static void describe(
      @Nullable ShardRecord before, ShardRecord shard, List<String> lines) {
    if (before == null || !before.ranges().equals(shard.ranges())) {
      lines.add(
          shard.ranges().isEmpty()
              ? "shard " + shard.id() + " is a spare"
              : "shard " + shard.id() + " owns slots " + SlotRangesText.write(shard.ranges()));
    }
    if (shard.leader() != null
        && (before == null
            || !Objects.equals(before.leader(), shard.leader())
            || !before.claim().equals(shard.claim()))) {
      lines.add("shard " + shard.id() + " is led by node " + shard.leader() + ", " + shard.claim());
    }
  }

  private static void describe(@Nullable NodeRecord before, NodeRecord node, List<String> lines) {
    String who = "node " + node.id() + " of shard " + node.shard();
    if (before == null) {
      lines.add(who + " registered, " + node.url() + ", " + node.claim());
    } else if (before.state() != node.state()) {
      lines.add(
          node.state() == NodeState.UP
              ? who + " is up again"
              : who + " is down: its lease ran out");
    } else if (!before.shard().equals(node.shard())) {
      lines.add(who + " came from shard " + before.shard());
    } else if (!before.url().equals(node.url())) {
      lines.add(who + " moved from " + before.url() + " to " + node.url());
    }
  }
}
