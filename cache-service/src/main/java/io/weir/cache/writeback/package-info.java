/**
 * Write-back: takes what is dirty out of the engine, oldest first, and brings it to the backing
 * store in batches; sets rows aside that the database refuses; removes expired rows. Plain Java;
 * depends on the engine's {@link io.weir.cache.engine.DirtySet}, the journal and the store.
 */
@NullMarked
package io.weir.cache.writeback;

import org.jspecify.annotations.NullMarked;
