package io.weir.cache.redis;

import io.weir.model.Authority;
import io.weir.model.HashSlots;
import io.weir.model.NodeId;
import io.weir.model.SlotRange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as Redis clients are told of it: which server's fast port answers which slots.
 * Immutable.
 *
 * <p>Every slot is listed with a server at any time, since clients do not begin with a cluster that
 * has holes: while a shard elects its leader, with the last one, and while no shard owns a slot,
 * with the one that tells. Whether that server answers is another matter; see {@link Part}.
 */
public final class ClusterMap {

  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private final long epoch;
  private final Node self;
  private final boolean leads;
  private final boolean assigned;
  private final List<Part> parts;
  private final short[] partOfSlot = new short[HashSlots.COUNT];
  private final List<Group> groups;

  /**
   * A server, by its fast port.
   *
   * @param host as every document names it: clients compare it as text; an IPv6 address without
   *     brackets
   * @param isUp whether the masters hear of it
   */
  public record Node(NodeId id, String host, int port, boolean isEncrypted, boolean isUp) {

    /** One by the URL that it advertises. */
    public static Node of(NodeId id, URI fastUrl, boolean isUp) {
      Authority authority = Objects.requireNonNull(Authority.of(fastUrl));
      boolean encrypted = "https".equalsIgnoreCase(fastUrl.getScheme());
      return new Node(
          id, authority.host(), authority.portOr(encrypted ? HTTPS : HTTP), encrypted, isUp);
    }

    /** {@code host:port}, as {@code MOVED} has it. */
    String address() {
      return host + ":" + port;
    }

    /** The same name at each server and after each restart, in the form of Redis. */
    String name() {
      try {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        return HexFormat.of()
            .formatHex(sha1.digest(id.value().getBytes(StandardCharsets.US_ASCII)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e); // Every Java has it.
      }
    }
  }

  /** How the slots of a part stand. */
  public enum Standing {
    /** Their shard has a leader, which is reached. */
    LED,
    /** Nobody is known to lead their shard now. */
    UNLED,
    /** Their shard's leader has no fast port, as one of an earlier release. */
    UNREACHABLE,
    /** No shard owns them yet. */
    UNOWNED
  }

  /**
   * A shard, or what no shard owns.
   *
   * @param isOwn whether it is this server's
   * @param leader of the shard, to whom clients are sent; null unless it is {@link Standing#LED}
   * @param listed who is listed for its slots: the leader, or who has led them last
   * @param others its further servers
   */
  public record Part(
      List<SlotRange> ranges,
      boolean isOwn,
      Standing standing,
      @Nullable Node leader,
      Node listed,
      List<Node> others) {

    public Part {
      if ((standing == Standing.LED) == (leader == null)) {
        throw new IllegalArgumentException(standing + " with leader " + leader);
      }
      ranges = List.copyOf(ranges);
      others = List.copyOf(others);
    }
  }

  /** A server, the slots that it is listed for, in order, and those that follow it. */
  public record Group(Node master, List<SlotRange> ranges, List<Node> replicas) {}

  /**
   * Covers all slots.
   *
   * @param epoch grows with each topology
   * @param self this server
   * @param isAssigned whether this server has been told its slots
   * @param leads whether it leads its shard
   * @param claimed of two parts that have a slot, the first counts
   */
  public ClusterMap(long epoch, Node self, boolean isAssigned, boolean leads, List<Part> claimed) {
    this.epoch = epoch;
    this.self = self;
    this.assigned = isAssigned;
    this.leads = leads;
    this.parts = new ArrayList<>(claimed);
    Arrays.fill(partOfSlot, (short) -1);
    for (int i = claimed.size() - 1; i >= 0; i--) {
      for (SlotRange range : claimed.get(i).ranges()) {
        Arrays.fill(partOfSlot, range.first(), range.last() + 1, (short) i);
      }
    }
    addWhatNobodyOwns();
    this.groups = grouped();
  }

  private void addWhatNobodyOwns() {
    List<SlotRange> free = rangesWhere(slot -> partOfSlot[slot] < 0);
    if (!free.isEmpty()) {
      Node listed = parts.stream().filter(Part::isOwn).map(Part::listed).findFirst().orElse(self);
      for (SlotRange range : free) {
        Arrays.fill(partOfSlot, range.first(), range.last() + 1, (short) parts.size());
      }
      parts.add(new Part(free, false, Standing.UNOWNED, null, listed, List.of()));
    }
  }

  private static List<SlotRange> rangesWhere(IntPredicate slots) {
    List<SlotRange> ranges = new ArrayList<>();
    int first = -1;
    for (int slot = 0; slot <= HashSlots.COUNT; slot++) {
      boolean in = slot < HashSlots.COUNT && slots.test(slot);
      if (in && first < 0) {
        first = slot;
      } else if (!in && first >= 0) {
        ranges.add(new SlotRange(first, slot - 1));
        first = -1;
      }
    }
    return ranges;
  }

  private List<Group> grouped() {
    BitSet used = new BitSet();
    for (short part : partOfSlot) {
      used.set(part);
    }
    Map<Node, BitSet> partsOf = new LinkedHashMap<>();
    used.stream()
        .forEach(part ->
            partsOf.computeIfAbsent(parts.get(part).listed(), node -> new BitSet()).set(part));
    Set<NodeId> masters = partsOf.keySet().stream().map(Node::id).collect(Collectors.toSet());
    return partsOf.entrySet().stream()
        .map(each -> {
          BitSet own = each.getValue();
          List<Node> replicas =
              own.stream()
                  .boxed()
                  .flatMap(part -> parts.get(part).others().stream())
                  .filter(node -> !masters.contains(node.id()))
                  .distinct()
                  .toList();
          return new Group(each.getKey(), rangesWhere(slot -> own.get(partOfSlot[slot])), replicas);
        })
        .toList();
  }

  public long epoch() {
    return epoch;
  }

  public Node self() {
    return self;
  }

  /** Whether this server leads its shard. */
  public boolean leads() {
    return leads;
  }

  /** Whether this server has been told which slots are its own. */
  public boolean isAssigned() {
    return assigned;
  }

  /** The part that has a slot; there is always one. */
  public Part partOf(int slot) {
    return parts.get(partOfSlot[slot]);
  }

  /** The part of this server's shard; null while it has no slots. */
  @Nullable Part own() {
    return parts.stream().filter(Part::isOwn).findFirst().orElse(null);
  }

  /** All servers but spares, under who is listed for slots; no server twice. */
  public List<Group> groups() {
    return groups;
  }

  /** How many slots stand like that. */
  int slots(Standing standing) {
    int slots = 0;
    for (int slot = 0; slot < HashSlots.COUNT; slot++) {
      slots += partOf(slot).standing() == standing ? 1 : 0;
    }
    return slots;
  }
}
