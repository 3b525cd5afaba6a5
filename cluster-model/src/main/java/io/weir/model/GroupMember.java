package io.weir.model;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A cache server as a member of its shard's group, or one to be: the servers that keep the shard's
 * journal together.
 *
 * @param url where it is reached, without a slash at the end
 * @param journal {@code host:port:incarnation}, its place in the shard's group; null before it has
 *     one
 * @param journalFormats what it reads and writes there; null when it does not tell
 * @param databaseServer that answers it; null when it does not tell
 */
public record GroupMember(
    NodeId nodeId,
    URI url,
    NodeRole role,
    NodeState state,
    @Nullable String journal,
    @Nullable JournalFormats journalFormats,
    @Nullable DatabaseServer databaseServer) {}
