package io.weir.cache.journal;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The log that every change of the dirty set goes through before it counts.
 *
 * <p><b>Ordering.</b> Mutations are applied in the order of the calls to {@link #append}; calls for
 * one key are made under that key's order, see {@code KeyGates}. <b>Failure.</b> What fails but for
 * {@link JournalException.NotLeading} and {@link JournalException.QueueFull} leaves the outcome
 * open: the mutations may still be applied later, all of them or none.
 */
public interface Journal extends AutoCloseable {

  /** The most bytes of keys and values that one append may have. */
  int MAX_APPEND_BYTES = 32 << 20;

  /**
   * Proposes mutations, together, in order: they are applied with nothing in between, and no crash
   * parts them. Does not wait for the disk.
   *
   * @param done told when all of them are durable and applied, or have failed; perhaps before this
   *     returns
   */
  void append(List<Mutation> mutations, AppendListener done);

  /**
   * The same for who waits.
   *
   * @return completed when all of them are durable and applied
   */
  default CompletableFuture<@Nullable Void> append(List<Mutation> mutations) {
    AppendFuture done = new AppendFuture();
    append(mutations, done);
    return done;
  }

  /** Stops taking proposals; those made already run to their end. */
  @Override
  void close();
}
