/**
 * The Java client of a Weir cluster: it watches the topology that the masters publish, sends each
 * request straight to the cache server that owns the key, and repeats what is safe to repeat.
 *
 * <p>{@link io.weir.client.WeirClient} is where to start. Depends on the cluster model, Netty and
 * Jackson; on no framework.
 */
@NullMarked
package io.weir.client;

import org.jspecify.annotations.NullMarked;
