package io.weir.cache.journal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The log that every change of the dirty set goes through before it counts.
 *
 * <p><b>Ordering.</b> Mutations are applied in the order of the calls to {@link #append}; calls for
 * one key are made under that key's order, see {@code KeyGates}. <b>Failure.</b> A future that
 * completes exceptionally leaves the outcome open: the mutations may still be applied later.
 */
public interface Journal extends AutoCloseable {

  /**
   * Proposes mutations, together, in order. Does not wait for the disk.
   *
   * @return completed when all of them are durable and applied
   */
  CompletableFuture<@Nullable Void> append(List<Mutation> mutations);

  /** Stops taking proposals; those made already run to their end. */
  @Override
  void close();
}
