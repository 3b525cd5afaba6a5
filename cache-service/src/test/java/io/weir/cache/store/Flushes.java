package io.weir.cache.store;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.Write;
import io.weir.model.Version;
import java.util.List;

/** Flushes of a test that does not care for their numbers. */
final class Flushes {

  private Flushes() {}

  /** Flushes with whatever number is the next one. */
  static FlushReceipt flush(BackingStore store, Claim claim, Version given, List<Write> writes) {
    for (long before = 0; ; ) {
      try {
        return store.flush(claim, new FlushNumber(before, before + 1), given, writes);
      } catch (WentBackException e) {
        before = e.found();
      }
    }
  }
}
