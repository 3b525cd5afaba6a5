package io.weir.master.registry;

import io.weir.model.NodeId;
import io.weir.model.ShardId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the registry holds at one version, leases and figures apart. Immutable.
 *
 * @param version grows by one with every change that clients can see
 * @param founding null while no shard has ever registered
 * @param shards in order of arrival
 * @param nodes in order of their ids
 */
public record RegistryState(
    long version, @Nullable Founding founding, List<ShardRecord> shards, List<NodeRecord> nodes) {

  /** Stands for the registry until it has been read; no version is smaller. */
  static final RegistryState UNREAD = new RegistryState(-1, null, List.of(), List.of());

  public RegistryState {
    shards = shards.stream().sorted(Comparator.comparingInt(ShardRecord::arrival)).toList();
    nodes = nodes.stream().sorted(Comparator.comparing(node -> node.id().value())).toList();
  }

  @Nullable ShardRecord shard(ShardId id) {
    return shards.stream().filter(shard -> shard.id().equals(id)).findFirst().orElse(null);
  }

  @Nullable NodeRecord node(NodeId id) {
    return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElse(null);
  }

  RegistryState founded(Founding by) {
    return new RegistryState(version, by, shards, nodes);
  }

  RegistryState with(ShardRecord shard) {
    List<ShardRecord> changed = new ArrayList<>(shards);
    changed.removeIf(other -> other.id().equals(shard.id()));
    changed.add(shard);
    return new RegistryState(version, founding, changed, nodes);
  }

  RegistryState with(NodeRecord node) {
    List<NodeRecord> changed = new ArrayList<>(without(node.id()).nodes);
    changed.add(node);
    return new RegistryState(version, founding, shards, changed);
  }

  RegistryState without(NodeId node) {
    return new RegistryState(
        version,
        founding,
        shards,
        nodes.stream().filter(other -> !other.id().equals(node)).toList());
  }

  /** The state without all that the servers of a shard have said of themselves. */
  RegistryState unclaimed(ShardRecord shard, long proofFrom) {
    return new RegistryState(
            version,
            founding,
            shards,
            nodes.stream().filter(node -> !node.shard().equals(shard.id())).toList())
        .with(shard.unclaimed(proofFrom));
  }

  /** Tells whether two states differ in what is stored. */
  boolean sameAs(RegistryState other) {
    return Objects.equals(founding, other.founding)
        && shards.equals(other.shards)
        && nodes.equals(other.nodes);
  }

  /**
   * Tells whether clients see the same in both, from either network, and the servers of a shard the
   * same of each other.
   */
  boolean looksLike(RegistryState other) {
    RegistryState aligned = other.at(version);
    return membership().equals(other.membership())
        && TopologyView.of(this, Network.INTERNAL)
            .equals(TopologyView.of(aligned, Network.INTERNAL))
        && TopologyView.of(this, Network.EXTERNAL)
            .equals(TopologyView.of(aligned, Network.EXTERNAL));
  }

  private List<String> membership() {
    return nodes.stream()
        .map(node ->
            Stream.of(
                    node.id(),
                    node.role(),
                    node.journal(),
                    node.journalFormats(),
                    node.databaseServer())
                .map(String::valueOf)
                .collect(Collectors.joining(" ")))
        .toList();
  }

  RegistryState at(long otherVersion) {
    return new RegistryState(otherVersion, founding, shards, nodes);
  }
}
