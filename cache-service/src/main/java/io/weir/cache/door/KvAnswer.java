package io.weir.cache.door;

import io.weir.cache.engine.Bulk;

/**
 * Who waits for the answer to a request without a thread of its own.
 *
 * <p><b>Concurrency.</b> Told once, by whatever thread: it must be quick, must not block, and
 * leaves the rest to {@link #bulk}.
 */
public interface KvAnswer {

  void answer(KvResponse response);

  /** What to call once it and its neighbours have been told. */
  Bulk bulk();
}
