package io.weir.cache.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The end of a future, waited for: its value, or its own exception, unwrapped. */
final class Outcome {

  private Outcome() {}

  static <T extends @Nullable Object> T of(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
