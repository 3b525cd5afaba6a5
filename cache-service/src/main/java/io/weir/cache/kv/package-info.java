/**
 * The values that travel between the engine, the journal and the backing store: what a key holds at
 * a version, and the leadership under which it may be changed. Immutable; depends on the cluster
 * model alone.
 */
@NullMarked
package io.weir.cache.kv;

import org.jspecify.annotations.NullMarked;
