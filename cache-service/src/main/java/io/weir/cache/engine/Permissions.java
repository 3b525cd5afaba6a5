package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.NotLeader;
import io.weir.cache.engine.EngineException.NotServing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Which requests this engine takes, and why it refuses the others. One immutable snapshot behind
 * one field.
 *
 * @param leader what to write with; null when this server does not lead
 * @param guard null when it serves no reads
 * @param whyNot the reason for refusing all; empty when it serves reads
 * @param whyNoWrites the reason for refusing a leader's writes; empty when it takes them
 * @param opening done when these permissions end, where it is worth for writes to wait for that;
 *     null where it is not
 */
record Permissions(
    @Nullable LeaderJournal leader,
    @Nullable ReadGuard guard,
    String whyNot,
    String whyNoWrites,
    @Nullable CompletableFuture<@Nullable Void> opening) {

  /** What vouches for reads. Throws when it serves none. */
  ReadGuard serving() {
    if (guard == null) {
      throw new NotServing(whyNot);
    }
    return guard;
  }

  /** What to write with. Throws when it takes no writes. */
  LeaderJournal writing() {
    if (!whyNoWrites.isEmpty()) {
      throw new NotServing(whyNoWrites);
    }
    if (leader == null) {
      throw new NotLeader();
    }
    return leader;
  }

  /** Waits for these permissions to end, where it is worth that; no longer than so. */
  void awaitEnd(Duration longest) {
    if (opening == null) {
      return;
    }
    try {
      opening.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Then what waited is refused, with the reason.
    }
  }

  static Permissions none(String why) {
    return new Permissions(null, null, why, why, null);
  }
}
