/**
 * The journal as the log of a Raft group, kept by SOFAJRaft: group commit, the codec of entries and
 * snapshots, storage that stops rather than lies, and a transport of its own that takes Raft's
 * protobuf messages from members and nothing else. Knows the engine only as a state machine.
 */
@NullMarked
package io.weir.cache.journal.raft;

import org.jspecify.annotations.NullMarked;
