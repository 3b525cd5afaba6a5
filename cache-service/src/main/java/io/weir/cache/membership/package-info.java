/**
 * This server's place in the cluster: registration and heartbeats with a master, and what it knows
 * of the topology. Serving goes on without a master; only what it knows of the others grows old.
 */
@NullMarked
package io.weir.cache.membership;

import org.jspecify.annotations.NullMarked;
