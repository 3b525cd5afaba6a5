package io.weir.cache.engine;

import org.jspecify.annotations.Nullable;

/**
 * Who waits for the outcome of a write that it does not wait for.
 *
 * <p><b>Concurrency.</b> Told once, by the thread that applies the journal or by the one that
 * called: it must be quick, must not block, and leaves the rest to {@link #bulk}.
 */
public interface WriteListener {

  /**
   * The write is acknowledged.
   *
   * @param written of the last of its edits; null when its update left all as it was, which was
   *     decided on nothing that is not acknowledged
   */
  void written(@Nullable Written written);

  /**
   * The write failed.
   *
   * @param why an {@link EngineException} or a {@code StoreException}; the outcome is open with
   *     {@link EngineException.OutcomeOpen}, and else nothing has changed
   */
  void failed(RuntimeException why);

  /** What to call once it and its neighbours have been told. */
  Bulk bulk();
}
