/**
 * The fast port: one Netty port that speaks HTTP/1.1 for keys and the Redis protocol. Here are its
 * event loops, how it tells protocols apart, TLS, its start and stop, and HTTP; the Redis protocol
 * is {@link io.weir.cache.redis}.
 *
 * <p>Nothing that runs on an event loop waits: what has to, a virtual thread does.
 */
@NullMarked
package io.weir.cache.fast;

import org.jspecify.annotations.NullMarked;
