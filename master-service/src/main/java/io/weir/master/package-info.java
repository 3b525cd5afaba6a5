/**
 * The master: keeps the list of cache servers and the slots of each, and tells clients.
 *
 * <p>All state is in the registry database, so any number of masters may run over one; none of them
 * is a leader. {@code registry} is the state and its rules; {@code registration}, {@code topology}
 * and {@code redirect} are doors to it and {@code lease} is the sweep that notices lost nodes.
 * These depend on {@code registry} and not on each other.
 */
@NullMarked
package io.weir.master;

import org.jspecify.annotations.NullMarked;
