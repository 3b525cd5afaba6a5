package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The cluster and how busy each of its servers is, as {@code GET /status} answers it.
 *
 * @param cluster null while no shard has ever registered
 * @param waiting what a master waits for before there is a cluster, as a sentence; else null
 * @param version of the topology
 * @param at by the registry database's clock
 * @param slots number of hash slots, 16,384
 * @param servers in order of their shards' ranges, the leader of each first
 * @param events newest first
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ClusterStatus(
    @Nullable ClusterId cluster,
    TopologyState state,
    @Nullable String waiting,
    long version,
    Instant at,
    int slots,
    List<ServerStatus> servers,
    List<ClusterEvent> events) {

  public ClusterStatus {
    servers = List.copyOf(servers);
    events = List.copyOf(events);
  }

  /** What the databases were spared, by the servers that are up and tell of it, together. */
  @JsonUnwrapped
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public Spared spared() {
    return servers.stream()
        .filter(server -> server.state() == NodeState.UP)
        .map(ServerStatus::figures)
        .filter(Objects::nonNull)
        .map(ServerFigures::spared)
        .reduce(Spared.UNTOLD, Spared::plus);
  }
}
