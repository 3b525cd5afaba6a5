package io.weir.model;

import java.net.URI;

/**
 * One cache server of a shard, as clients see it.
 *
 * @param url where it is reached, without a slash at the end
 */
public record Member(NodeId nodeId, URI url, NodeState state) {}
