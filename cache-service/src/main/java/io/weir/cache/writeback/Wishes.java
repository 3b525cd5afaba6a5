package io.weir.cache.writeback;

import io.weir.cache.journal.JournalException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask of the write-back's thread, which does it between two flushes. What cannot be
 * done yet is put off until after the next flush, and holds none up.
 *
 * <p><b>Concurrency.</b> Asked by any thread; a bounded number waits. One monitor, in which nothing
 * is done.
 */
final class Wishes {

  /** Each is waited for by a request of an operator. */
  private static final int MOST = 64;

  private final Deque<Wish<?>> wishes = new ArrayDeque<>();

  private record Wish<T>(Supplier<Optional<T>> deed, CompletableFuture<T> done) {

    /** Returns whether it is over. */
    boolean fulfil() {
      try {
        deed.get().ifPresent(done::complete);
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
      return done.isDone();
    }
  }

  /** Asks for something to be done. */
  <T> CompletableFuture<T> ask(Supplier<T> deed) {
    return askUntilDone(() -> Optional.of(deed.get()));
  }

  /** Asks for something that may have to be tried again: it returns empty then. */
  <T> CompletableFuture<T> askUntilDone(Supplier<Optional<T>> deed) {
    Wish<T> wish = new Wish<>(deed, new CompletableFuture<>());
    if (!add(wish)) {
      wish.done.completeExceptionally(
          new JournalException.QueueFull(MOST + " operators wait for the write-back already"));
    }
    return wish.done;
  }

  private synchronized boolean add(Wish<?> wish) {
    return wishes.size() < MOST && wishes.add(wish);
  }

  private synchronized @Nullable Wish<?> poll() {
    return wishes.poll();
  }

  private synchronized void putOff(Wish<?> wish) {
    wishes.add(wish);
  }

  /** Whether some wait. */
  synchronized boolean any() {
    return !wishes.isEmpty();
  }

  private synchronized int size() {
    return wishes.size();
  }

  /** Tries each that was asked for, once. */
  void work() {
    for (int left = size(); left > 0; left--) {
      Wish<?> next = poll();
      if (next == null) {
        return;
      }
      if (!next.fulfil()) {
        putOff(next);
      }
    }
  }

  /** The reign is over. */
  void refuseAll() {
    for (Wish<?> next = poll(); next != null; next = poll()) {
      next.done.completeExceptionally(
          new JournalException.NotLeading("this server leads its shard no longer"));
    }
  }
}
