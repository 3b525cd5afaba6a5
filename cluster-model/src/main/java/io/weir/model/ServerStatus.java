package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cache server, the process, as {@code GET /status} lists it.
 *
 * @param url where it is reached in its own network
 * @param fastUrl where its fast port is reached there; null when it has none
 * @param ranges the slots of its shard; empty for a spare, and while nothing is assigned
 * @param term of its last claim
 * @param lastSeenSeconds since its last heartbeat, by the registry database's clock; null before
 *     there was one
 * @param journalFormats what it reads and writes of its shard's journal; null when it does not tell
 * @param databaseServer that answers it; null when it does not tell
 * @param figures what its last heartbeat said; null when that carried none
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ServerStatus(
    NodeId nodeId,
    URI url,
    @Nullable URI fastUrl,
    ShardId shard,
    List<SlotRange> ranges,
    ServerRole role,
    NodeState state,
    long term,
    @Nullable Double lastSeenSeconds,
    @Nullable JournalFormats journalFormats,
    @Nullable DatabaseServer databaseServer,
    @Nullable ServerFigures figures) {

  public ServerStatus {
    ranges = List.copyOf(ranges);
  }
}
