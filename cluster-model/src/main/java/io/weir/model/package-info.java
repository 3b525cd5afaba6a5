/**
 * The vocabulary that every part of Weir shares: keys and hash slots, slot ranges, the topology
 * that a master publishes, the records that travel between processes, and the problem types of
 * errors; and what services and command line read alike: sizes, durations, token files, signals.
 *
 * <p>Three words for a cache server: the <em>server</em> is the process that clients ask; the
 * <em>node</em> is what the masters' registry records of it under a {@link io.weir.model.NodeId};
 * the <em>member</em> is its part in the group that keeps its shard's journal.
 *
 * <p>Plain Java; depends on nothing but Jackson's annotations.
 */
@NullMarked
package io.weir.model;

import org.jspecify.annotations.NullMarked;
