package io.weir.cache.engine;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The outcome of a write for the one thread that waits for it. */
final class Awaited extends CompletableFuture<@Nullable Written> implements WriteListener {

  @Override
  public void written(@Nullable Written written) {
    complete(written);
  }

  @Override
  public void failed(RuntimeException why) {
    completeExceptionally(why);
  }

  @Override
  public Bulk bulk() {
    return Bulk.NONE;
  }

  /** Waits. Throws what the write has failed with. */
  @Nullable Written outcome() {
    return Outcome.of(this);
  }
}
