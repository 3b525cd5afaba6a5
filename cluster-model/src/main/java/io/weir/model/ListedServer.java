package io.weir.model;

import java.net.URI;

/**
 * A cache server as the topology lists it for clients, under its shard.
 *
 * @param url where it is reached, without a slash at the end
 */
public record ListedServer(NodeId nodeId, URI url, NodeState state) {}
