/**
 * {@code weir sweep}: a cluster on this machine at several sizes of its cache and several skews of
 * its load, measured beside an exact LRU that sees the same requests.
 */
@NullMarked
package io.weir.lab.sweep;

import org.jspecify.annotations.NullMarked;
