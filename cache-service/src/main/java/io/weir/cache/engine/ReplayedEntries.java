package io.weir.cache.engine;

import io.weir.model.Key;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a lone leader that has just started holds clean: by its journal's word the database has it.
 * An older journal would say the same, and so would one whose database has gone back. So it is not
 * served until the database has answered. Then it goes, since the database may have something newer
 * that was never in the journal; or, if the database has gone back, it is what is written again.
 *
 * <p><b>Concurrency.</b> One volatile field, null while nothing is withheld.
 */
final class ReplayedEntries {

  private final Table table;
  private final Duration maxWait;
  private volatile @Nullable CompletableFuture<@Nullable Void> withheld;

  /**
   * @param maxWait how long a read waits for the database
   */
  ReplayedEntries(Table table, Duration maxWait) {
    this.table = table;
    this.maxWait = maxWait;
  }

  /** Withholds what is clean. */
  void withhold() {
    withheld = new CompletableFuture<>();
  }

  /** The database has gone back: what is clean is served, and is to be written again. */
  void keep() {
    release();
  }

  /** The database holds what it must: it is asked from here on. */
  void drop() {
    if (withheld != null) {
      table.dropClean();
      release();
    }
  }

  private void release() {
    CompletableFuture<@Nullable Void> before = withheld;
    withheld = null;
    if (before != null) {
      before.complete(null);
    }
  }

  /**
   * Lets a read of a key pass, when it may.
   *
   * @throws EngineException.NotServing when the database has not answered in time
   */
  void await(Key key) {
    CompletableFuture<@Nullable Void> now = withheld;
    if (now == null || !table.isClean(key)) {
      return;
    }
    try {
      now.get(maxWait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Then it is refused.
    }
    if (!now.isDone()) {
      throw new EngineException.NotServing(
          "the database has not said yet whether it holds what the journal says that it does");
    }
  }
}
