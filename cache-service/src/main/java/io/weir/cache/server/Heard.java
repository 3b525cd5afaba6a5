package io.weir.cache.server;

import io.weir.model.GroupMember;
import io.weir.model.NodeState;
import io.weir.model.RegistrationResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a master says of the shard's group.
 *
 * @param generation the largest that anybody has led in, as far as the master was told; 0 for none
 * @param up the members that it lists as up, as {@code host:port:incarnation}
 */
record Heard(long generation, List<String> up) {

  /** No master answers. */
  static final Heard NOTHING = new Heard(0, List.of());

  Heard {
    up = List.copyOf(up);
  }

  static Heard of(@Nullable RegistrationResponse response) {
    if (response == null) {
      return NOTHING;
    }
    Long generation = response.claimedGeneration();
    return new Heard(
        generation == null ? 0 : generation,
        response.members().stream()
            .filter(member -> member.state() == NodeState.UP)
            .map(GroupMember::journal)
            .filter(Objects::nonNull)
            .toList());
  }
}
