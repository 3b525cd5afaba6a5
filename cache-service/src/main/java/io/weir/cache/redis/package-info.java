/**
 * The Redis protocol: its decoder and encoder, a connection's replies in order, and its commands.
 */
@NullMarked
package io.weir.cache.redis;

import org.jspecify.annotations.NullMarked;
