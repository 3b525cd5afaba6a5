/** Clients that people use for Redis, each as its own documentation shows it, before Weir. */
@NullMarked
package io.weir.redis;

import org.jspecify.annotations.NullMarked;
