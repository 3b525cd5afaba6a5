package io.weir.cache.writeback;

import io.weir.cache.journal.JournalException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What operators ask of the write-back's thread, which does it between two flushes. Asked by any
 * thread; a bounded number waits.
 */
final class Wishes {

  /** Each is waited for by a request of an operator. */
  private static final int MOST = 64;

  private final BlockingQueue<Wish<?>> wishes = new ArrayBlockingQueue<>(MOST);

  private record Wish<T>(Supplier<T> deed, CompletableFuture<T> done) {

    void fulfil() {
      try {
        done.complete(deed.get());
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
    }
  }

  /** Asks for something to be done. */
  <T> CompletableFuture<T> ask(Supplier<T> deed) {
    Wish<T> wish = new Wish<>(deed, new CompletableFuture<>());
    if (!wishes.offer(wish)) {
      wish.done.completeExceptionally(
          new JournalException.QueueFull(MOST + " operators wait for the write-back already"));
    }
    return wish.done;
  }

  /** Does what was asked for. */
  void work() {
    for (Wish<?> next = wishes.poll(); next != null; next = wishes.poll()) {
      next.fulfil();
    }
  }

  /** The reign is over. */
  void refuseAll() {
    for (Wish<?> next = wishes.poll(); next != null; next = wishes.poll()) {
      next.done.completeExceptionally(
          new JournalException.NotLeading("this server leads its shard no longer"));
    }
  }
}
