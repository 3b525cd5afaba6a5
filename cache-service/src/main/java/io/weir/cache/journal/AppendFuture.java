package io.weir.cache.journal;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The outcome of an append as a future, which fails with a {@link JournalException}. */
public final class AppendFuture extends CompletableFuture<@Nullable Void>
    implements AppendListener {

  @Override
  public void applied() {
    complete(null);
  }

  @Override
  public void failed(JournalException why) {
    completeExceptionally(why);
  }

  @Override
  public Runnable afterwards() {
    return AppendFuture::nothing;
  }

  private static void nothing() {
    // Who waits hears by itself.
  }
}
