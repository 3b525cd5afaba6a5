package io.weir.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The master's answer to a registration.
 *
 * @param shards number of shards the cluster is to have
 * @param slotRanges what the shard owns; empty for a spare, and while nothing is assigned
 * @param role what the master lists the server as
 * @param members all cache servers of the shard, this one included
 * @param claimedGeneration the largest generation of the shard's group that anybody has led in, as
 *     far as the master was told; null from a master that does not say
 * @param leaseMillis the server is listed as down when it is silent for longer
 * @param heartbeatMillis how often it is to register again
 */
public record RegistrationResponse(
    long topologyVersion,
    ClusterId cluster,
    int shards,
    ShardId shard,
    List<SlotRange> slotRanges,
    NodeRole role,
    List<GroupMember> members,
    @Nullable Long claimedGeneration,
    long leaseMillis,
    long heartbeatMillis) {

  public RegistrationResponse {
    slotRanges = List.copyOf(slotRanges);
    members = List.copyOf(members);
  }
}
