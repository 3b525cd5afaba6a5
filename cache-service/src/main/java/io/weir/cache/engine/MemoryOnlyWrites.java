package io.weir.cache.engine;

import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
import java.util.ArrayList;
import java.util.List;

/**
 * The writes that are in memory alone, and their way into the journal, each in its own version:
 * before a stop when the database is too slow to take them, and before a second member joins.
 *
 * <p><b>Invariant.</b> Each key's gate is held alone from the look at its entry until the journal
 * has applied it. Nobody else proposes a write of the key meanwhile: once a newer one was flushed
 * and evicted, the older would come back over it.
 *
 * <p><b>Concurrency.</b> One caller at a time: it holds many gates, and waits for another.
 */
final class MemoryOnlyWrites {

  private static final int MOST_KEYS = 256;
  private static final long MOST_BYTES = 1 << 20;

  private final StripedDirtySet dirtySet;
  private final KeyGates gates;

  MemoryOnlyWrites(StripedDirtySet dirtySet, KeyGates gates) {
    this.dirtySet = dirtySet;
    this.gates = gates;
  }

  /**
   * Brings all that is there now to the journal.
   *
   * @return whether the journal has taken it
   * @throws EngineException.Overloaded when a key's other writes take too long
   */
  synchronized boolean bringTo(Journal journal) {
    List<Write> some = new ArrayList<>();
    long bytes = 0;
    for (Write write : dirtySet.memoryOnly()) {
      some.add(write);
      bytes += Weights.ofDirty(write.key(), write.value());
      if (some.size() == MOST_KEYS || bytes >= MOST_BYTES) {
        if (!append(journal, some)) {
          return false;
        }
        some.clear();
        bytes = 0;
      }
    }
    return some.isEmpty() || append(journal, some);
  }

  private boolean append(Journal journal, List<Write> writes) {
    List<KeyGates.Gate> held = new ArrayList<>();
    try {
      List<Mutation> mutations = new ArrayList<>();
      for (Write write : writes) {
        KeyGates.Gate gate = gates.enter(write.key());
        try {
          gate.beginExclusive();
        } catch (RuntimeException e) {
          gates.leave(gate);
          throw e;
        }
        held.add(gate);
        if (dirtySet.isMemoryOnly(write)) {
          mutations.add(new Mutation.Written(write));
        }
      }
      if (!mutations.isEmpty()) {
        Outcome.of(journal.append(mutations));
      }
      return true;
    } catch (JournalException e) {
      return false;
    } finally {
      for (KeyGates.Gate gate : held) {
        gate.endExclusive();
        gates.leave(gate);
      }
    }
  }
}
