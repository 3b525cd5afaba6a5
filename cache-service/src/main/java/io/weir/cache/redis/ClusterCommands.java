package io.weir.cache.redis;

import io.weir.cache.redis.ClusterMap.Node;
import io.weir.cache.redis.ClusterMap.Part;
import io.weir.cache.redis.CommandSpec.Access;
import io.weir.model.HashSlots;
import io.weir.model.Key;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code CLUSTER} and {@code ROLE}: who answers which slots. */
final class ClusterCommands {

  /** Most keys that {@code GETKEYSINSLOT} gives, whatever it is asked for. */
  private static final int MOST_KEYS = 1_000;

  private final Supplier<ClusterMap> cluster;
  private final JournalOffset offset;
  private final SlotKeys keys;

  ClusterCommands(Supplier<ClusterMap> cluster, JournalOffset offset, SlotKeys keys) {
    this.cluster = cluster;
    this.offset = offset;
    this.keys = keys;
  }

  List<CommandSpec> specs() {
    return List.of(
        new CommandSpec("cluster", -2, 0, 0, 0, Access.CONNECTED, subcommands()),
        new CommandSpec("role", 1, 0, 0, 0, Access.CONNECTED, (Answer) (r, s) -> role()));
  }

  private Subcommands subcommands() {
    return new Subcommands("cluster")
        .answering(
            2,
            "INFO",
            "Return information about the cluster.",
            (r, s) -> ClusterDocuments.info(cluster.get()))
        .answering(
            2,
            "NODES",
            "Return cluster configuration seen by node.",
            (r, s) -> ClusterDocuments.nodes(cluster.get()))
        .answering(
            2,
            "SLOTS",
            "Return information about slots range mappings.",
            (r, s) -> ClusterDocuments.slots(cluster.get()))
        .answering(
            2,
            "SHARDS",
            "Return information about slot range mappings and the nodes associated with them.",
            (r, s) -> ClusterDocuments.shards(cluster.get(), offset.applied()))
        .answering(
            2, "MYID", "Return the node id.", (r, s) -> Answer.bulk(cluster.get().self().name()))
        .answering(
            3,
            "KEYSLOT <key>",
            "Return the hash slot for <key>.",
            (r, s) -> new Reply.Number(HashSlots.slotOf(r.bytes(2))))
        .with(
            3,
            "COUNTKEYSINSLOT <slot>",
            "Return the number of keys in <slot>; it reads them all.",
            this::count)
        .with(
            4,
            "GETKEYSINSLOT <slot> <count>",
            "Return key names stored by current node in a slot.",
            this::keys)
        .withHelp();
  }

  private Reply role() {
    ClusterMap map = cluster.get();
    Part own = map.own();
    Reply at = new Reply.Number(offset.applied());
    if (map.leads() || own == null) {
      List<Node> replicas = own == null ? List.of() : own.others();
      return Answer.array(
          Answer.bulk("master"),
          at,
          new Reply.Array(
              replicas.stream()
                  .filter(Node::isUp)
                  .map(node ->
                      Answer.array(
                          Answer.bulk(node.host()),
                          Answer.bulk(Integer.toString(node.port())),
                          Answer.bulk(Long.toString(offset.applied()))))
                  .toList()));
    }
    return Answer.array(
        Answer.bulk("slave"),
        Answer.bulk(own.listed().host()),
        new Reply.Number(own.listed().port()),
        Answer.bulk(own.leader() == null ? "connect" : "connected"),
        at);
  }

  private void count(Request request, Session session, Pending pending) {
    Integer slot = slot(request.bytes(2));
    if (slot == null) {
      pending.reply(Answer.error("Invalid slot"));
    } else if (mayReadHere(slot, session, pending)) {
      pending.offLoop(() -> pending.reply(new Reply.Number(keys.count(slot))));
    }
  }

  private void keys(Request request, Session session, Pending pending) {
    Integer slot = slot(request.bytes(2));
    long most = Numbers.tryParse(request.bytes(3)).orElse(-1);
    if (slot == null || most < 0) {
      pending.reply(Answer.error("Invalid slot or number of keys"));
    } else if (most == 0) {
      pending.reply(Reply.EMPTY);
    } else if (mayReadHere(slot, session, pending)) {
      int bounded = (int) Math.min(most, MOST_KEYS);
      pending.offLoop(
          () -> pending.reply(Answer.bulks(keys.first(slot, bounded).stream().map(Key::toString))));
    }
  }

  /** Replies where the keys are not to be read: not by this client, or not at this server. */
  private boolean mayReadHere(int slot, Session session, Pending pending) {
    if (!session.may(Access.READ)) {
      pending.reply(
          new Reply.Failure(
              "NOPERM User "
                  + session.user()
                  + " has no permissions to run the 'cluster' command: its token does not have the"
                  + " role read"));
      return false;
    }
    Reply misdirected = new ClusterRoutes(cluster).misdirected(slot, false);
    if (misdirected != null) {
      pending.reply(misdirected);
    }
    return misdirected == null;
  }

  private static @Nullable Integer slot(byte[] text) {
    long slot = Numbers.tryParse(text).orElse(-1);
    return slot < 0 || slot >= HashSlots.COUNT ? null : (int) slot;
  }
}
