package io.weir.cache.door;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** What this server knows of the topology: which slots are its own, and whose the others are. */
public interface Ownership {

  /** Whether this server has been told which slots are its own; until then it serves nothing. */
  boolean isAssigned();

  /** Whether the slot's rows live in this server's database. */
  boolean owns(int slot);

  /** The leader of the slot's shard; null when that is not known. */
  @Nullable URI ownerOf(int slot);

  /** The term of the slot's shard, as far as known; 0 when it is not. */
  long termOf(int slot);

  /** The leader of this server's own shard, by the shard's journal; null when none is known. */
  @Nullable URI leader();

  /** The term of the own shard's leader; 0 when none is known. */
  long leaderTerm();

  /** The version of the topology that this server knows; 0 before it knows one. */
  long topologyVersion();
}
