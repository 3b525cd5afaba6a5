/**
 * HTTP/1.1 over Netty: event loops, connections with one exchange in flight, and a bounded pool of
 * them for each server.
 *
 * <p>Knows nothing of keys, slots or topologies. The one transport of this code base: the client
 * waits on it, the load generator runs inside its event loops.
 */
@NullMarked
package io.weir.client.transport;

import org.jspecify.annotations.NullMarked;
