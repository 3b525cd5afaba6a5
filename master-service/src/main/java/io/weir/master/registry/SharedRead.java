package io.weir.master.registry;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One read for all who ask for it at a time, so that thousands of clients that come at once take
 * one connection to the database, and leave the others to the heartbeats.
 *
 * <p><b>Ordering.</b> A read that is under way may have missed what the asker knows of, so it is
 * not shared with who comes meanwhile: they share the next, which begins when it has ended.
 */
final class SharedRead<T> {

  private final Supplier<T> read;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable CompletableFuture<T> next; // Guarded by this: not begun yet.

  SharedRead(Supplier<T> read) {
    this.read = read;
  }

  /** Returns what a read brings that begins after this call; throws what it throws. */
  T get() {
    CompletableFuture<T> shared;
    boolean mine = false;
    synchronized (this) {
      shared = next;
      if (shared == null) {
        shared = new CompletableFuture<>();
        next = shared;
        mine = true;
      }
    }
    if (mine) {
      begin(shared);
    }
    try {
      return shared.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  private void begin(CompletableFuture<T> shared) {
    turn.lock();
    try {
      synchronized (this) {
        next = null;
      }
      shared.complete(read.get());
    } catch (RuntimeException | Error e) {
      shared.completeExceptionally(e);
    } finally {
      turn.unlock();
    }
  }
}
