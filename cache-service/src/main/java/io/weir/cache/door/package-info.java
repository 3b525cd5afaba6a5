/**
 * The rules of a request for a key: ownership, conditions, durability, back-pressure, statuses and
 * headers, in one class that knows no web framework and that every door adapts.
 */
@NullMarked
package io.weir.cache.door;

import org.jspecify.annotations.NullMarked;
