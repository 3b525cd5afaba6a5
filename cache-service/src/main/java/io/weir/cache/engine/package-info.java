/**
 * The cache engine: a striped LRU table of clean, dirty and flushing entries, read-through with
 * single flight, ordered and conditional writes, and the bounds on memory and on dirty data. Plain
 * Java; it depends on the journal and the backing store by their interfaces, and on no framework.
 *
 * <p>Lock order: keys ({@link io.weir.cache.engine.KeyGates}) in their own order, then stripe;
 * never two stripes, and no lock during I/O.
 */
@NullMarked
package io.weir.cache.engine;

import org.jspecify.annotations.NullMarked;
