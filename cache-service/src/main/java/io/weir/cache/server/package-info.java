/**
 * The cache server as a process: its settings, how it comes to lead its shard, how it stops without
 * losing what is dirty, and what it tells operators. The one package that knows all others.
 */
@NullMarked
package io.weir.cache.server;

import org.jspecify.annotations.NullMarked;
