package io.weir.cache.membership;

import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.RegistrationRequest;
import io.weir.model.ServerFigures;
import io.weir.model.ShardId;
import java.util.List;

/** Registrations for tests. */
final class Registrations {

  private Registrations() {}

  static RegistrationRequest of(String node) {
    return new RegistrationRequest(
        new NodeId(node),
        "127.0.0.1",
        7401,
        null,
        null,
        null,
        null,
        ShardId.random(),
        null,
        null,
        List.of(),
        0,
        0,
        NodeRole.JOINING,
        null,
        null,
        null,
        ServerFigures.NONE,
        null);
  }
}
