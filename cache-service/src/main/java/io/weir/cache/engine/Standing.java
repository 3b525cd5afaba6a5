package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.JournalFull;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What this server may do at present: its {@link Permissions}, and whether the journal has room.
 *
 * <p><b>Concurrency.</b> Two volatile fields. Whoever changes the permissions does so alone.
 */
final class Standing {

  private final Duration maxOpeningWait;

  private volatile Permissions permissions =
      Permissions.none("the server has not its place in the shard's group yet");

  /** Why the journal has no room for more writes; empty while it has. */
  private volatile String journalFull = "";

  /**
   * @param maxOpeningWait how long a write waits for a leader to take any
   */
  Standing(Duration maxOpeningWait) {
    this.maxOpeningWait = maxOpeningWait;
  }

  Permissions now() {
    return permissions;
  }

  void become(Permissions next) {
    CompletableFuture<@Nullable Void> opening = permissions.opening();
    permissions = next;
    if (opening != null) {
      opening.complete(null);
    }
  }

  /**
   * @param why the reason that writes are refused with; empty to take them
   */
  void journalIsFull(String why) {
    journalFull = why;
  }

  boolean isJournalFull() {
    return !journalFull.isEmpty();
  }

  /** Whether it is worth for a write to wait, since it will be taken soon. */
  boolean isOpening() {
    return permissions.opening() != null;
  }

  /** Waits for that, no longer than a write may. */
  void awaitOpening() {
    permissions.awaitEnd(maxOpeningWait);
  }

  /** What to write with. Throws when this server takes no writes. */
  LeaderJournal writing() {
    LeaderJournal leader = permissions.writing();
    String full = journalFull;
    if (!full.isEmpty()) {
      throw new JournalFull(full);
    }
    return leader;
  }
}
