/**
 * The Redis protocol of the cache servers as a client sees it: what its errors say of an outcome,
 * and a client that sends nothing twice.
 */
@NullMarked
package io.weir.load.redis;

import org.jspecify.annotations.NullMarked;
