package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A cache server as the topology lists it for clients, under its shard.
 *
 * @param url where it is reached, without a slash at the end
 * @param fastUrl where its fast port is reached, which speaks HTTP and the Redis protocol, without
 *     a slash at the end; null when it has none
 */
public record ListedServer(
    NodeId nodeId,
    URI url,
    NodeState state,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable URI fastUrl) {

  /** One without a fast port. */
  public ListedServer(NodeId nodeId, URI url, NodeState state) {
    this(nodeId, url, state, null);
  }
}
