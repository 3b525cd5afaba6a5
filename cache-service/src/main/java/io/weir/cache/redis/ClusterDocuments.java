package io.weir.cache.redis;

import io.weir.cache.redis.ClusterMap.Group;
import io.weir.cache.redis.ClusterMap.Node;
import io.weir.cache.redis.ClusterMap.Standing;
import io.weir.model.HashSlots;
import io.weir.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The map of the cluster in the forms that clients read: {@code CLUSTER NODES}, {@code SLOTS},
 * {@code SHARDS} and {@code INFO}. Pure.
 *
 * <p>The cluster bus of Redis does not exist; where a document has its port, it names the port that
 * clients use.
 */
final class ClusterDocuments {

  private ClusterDocuments() {}

  /** A line a server, and this server's own among them in any case. */
  static Reply nodes(ClusterMap map) {
    StringBuilder text = new StringBuilder();
    boolean isListed = false;
    for (Group group : map.groups()) {
      line(text, map, group.master(), null, group.ranges());
      for (Node replica : group.replicas()) {
        line(text, map, replica, group.master(), List.of());
      }
      isListed |= servers(group).anyMatch(node -> node.id().equals(map.self().id()));
    }
    if (!isListed) {
      line(text, map, map.self(), null, List.of());
    }
    return new Reply.Verbatim(text.toString());
  }

  private static Stream<Node> servers(Group group) {
    return Stream.concat(Stream.of(group.master()), group.replicas().stream());
  }

  private static void line(
      StringBuilder text,
      ClusterMap map,
      Node node,
      @Nullable Node master,
      List<SlotRange> ranges) {
    text.append(node.name())
        .append(' ')
        .append(node.address())
        .append('@')
        .append(node.port())
        .append(' ')
        .append(node.id().equals(map.self().id()) ? "myself," : "")
        .append(master == null ? "master" : "slave")
        .append(node.isUp() ? "" : ",fail?")
        .append(' ')
        .append(master == null ? "-" : master.name())
        .append(" 0 0 ")
        .append(map.epoch())
        .append(node.isUp() ? " connected" : " disconnected");
    for (SlotRange range : ranges) {
      text.append(' ')
          .append(range.size() == 1 ? Integer.toString(range.first()) : range.toString());
    }
    text.append('\n');
  }

  /** For each range of slots its master, and those of its replicas that are up. */
  static Reply slots(ClusterMap map) {
    List<Reply> all = new ArrayList<>();
    for (Group group : map.groups()) {
      List<Reply> servers =
          Stream.concat(Stream.of(group.master()), group.replicas().stream().filter(Node::isUp))
              .map(ClusterDocuments::endpoint)
              .toList();
      for (SlotRange range : group.ranges()) {
        List<Reply> entry = new ArrayList<>();
        entry.add(new Reply.Number(range.first()));
        entry.add(new Reply.Number(range.last()));
        entry.addAll(servers);
        all.add(new Reply.Array(entry));
      }
    }
    return new Reply.Array(all);
  }

  private static Reply endpoint(Node node) {
    return Answer.array(
        Answer.bulk(node.host()),
        new Reply.Number(node.port()),
        Answer.bulk(node.name()),
        Reply.EMPTY);
  }

  static Reply shards(ClusterMap map, long offset) {
    return new Reply.Array(
        map.groups().stream()
            .<Reply>map(group ->
                new Reply.Mapping(
                    List.of(
                        Answer.bulk("slots"),
                        new Reply.Array(
                            group.ranges().stream()
                                .flatMap(range -> Stream.of(range.first(), range.last()))
                                .<Reply>map(Reply.Number::new)
                                .toList()),
                        Answer.bulk("nodes"),
                        new Reply.Array(
                            servers(group)
                                .map(node -> shardNode(node, node.equals(group.master()), offset))
                                .toList()))))
            .toList());
  }

  private static Reply shardNode(Node node, boolean isMaster, long offset) {
    List<Reply> fields = new ArrayList<>();
    fields.add(Answer.bulk("id"));
    fields.add(Answer.bulk(node.name()));
    fields.add(Answer.bulk("port"));
    fields.add(new Reply.Number(node.port()));
    if (node.isEncrypted()) {
      fields.add(Answer.bulk("tls-port"));
      fields.add(new Reply.Number(node.port()));
    }
    fields.add(Answer.bulk("ip"));
    fields.add(Answer.bulk(node.host()));
    fields.add(Answer.bulk("endpoint"));
    fields.add(Answer.bulk(node.host()));
    fields.add(Answer.bulk("role"));
    fields.add(Answer.bulk(isMaster ? "master" : "replica"));
    fields.add(Answer.bulk("replication-offset"));
    fields.add(new Reply.Number(offset));
    fields.add(Answer.bulk("health"));
    fields.add(Answer.bulk(node.isUp() ? "online" : "failed"));
    return new Reply.Mapping(fields);
  }

  /**
   * The state is {@code ok} once every slot has a shard: one that has no leader for a moment does
   * not keep clients from the others.
   */
  static Reply info(ClusterMap map) {
    int unowned = map.slots(Standing.UNOWNED);
    int led = map.slots(Standing.LED);
    long servers =
        map.groups().stream().flatMap(ClusterDocuments::servers).map(Node::id).distinct().count();
    return new Reply.Verbatim(
        Stream.of(
                "cluster_enabled:1",
                "cluster_state:" + (unowned == 0 ? "ok" : "fail"),
                "cluster_slots_assigned:" + (HashSlots.COUNT - unowned),
                "cluster_slots_ok:" + led,
                "cluster_slots_pfail:" + (HashSlots.COUNT - unowned - led),
                "cluster_slots_fail:0",
                "cluster_known_nodes:" + servers,
                "cluster_size:" + map.groups().size(),
                "cluster_current_epoch:" + map.epoch(),
                "cluster_my_epoch:" + map.epoch(),
                "cluster_stats_messages_sent:0",
                "cluster_stats_messages_received:0",
                "total_cluster_links_buffer_limit_exceeded:0")
            .map(line -> line + "\r\n")
            .collect(Collectors.joining()));
  }
}
