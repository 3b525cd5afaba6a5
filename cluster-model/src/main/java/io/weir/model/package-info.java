/**
 * The vocabulary that every part of Weir shares: keys and hash slots, slot ranges, the topology
 * that a master publishes, the records that travel between processes, and the problem types of
 * errors.
 *
 * <p>Plain Java; depends on nothing but Jackson's annotations.
 */
@NullMarked
package io.weir.model;

import org.jspecify.annotations.NullMarked;
