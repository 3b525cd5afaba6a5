package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
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
 * <p><b>Concurrency.</b> One caller at a time: it holds many gates. It waits for one only while it
 * holds no other.
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
   * Brings all that is there now to the journal, but for the keys whose other writes take too long.
   * A key that is being written is left for the end, so that it keeps no other out of the journal.
   *
   * @return whether the journal has taken all
   */
  synchronized boolean bringTo(Journal journal) {
    List<Write> busy = new ArrayList<>();
    List<Write> some = new ArrayList<>();
    long bytes = 0;
    for (Write write : dirtySet.memoryOnly()) {
      some.add(write);
      bytes += Weights.ofDirty(write.key(), write.value());
      if (some.size() == MOST_KEYS || bytes >= MOST_BYTES) {
        if (!append(journal, some, false, busy)) {
          return false;
        }
        some.clear();
        bytes = 0;
      }
    }
    return append(journal, some, false, busy) && bringBusy(journal, busy);
  }

  /** One by one. Once a wait was in vain, the others have had as long, and are not waited for. */
  private boolean bringBusy(Journal journal, List<Write> busy) {
    List<Write> stuck = new ArrayList<>();
    for (Write write : busy) {
      if (!append(journal, List.of(write), stuck.isEmpty(), stuck)) {
        return false;
      }
    }
    return stuck.isEmpty();
  }

  /**
   * Appends those whose gates it gets.
   *
   * @param waits whether it waits for a gate
   * @param left takes the others
   * @return false when the journal does not take them
   */
  private boolean append(Journal journal, List<Write> writes, boolean waits, List<Write> left) {
    List<KeyGates.Gate> held = new ArrayList<>();
    try {
      List<Mutation> mutations = new ArrayList<>();
      for (Write write : writes) {
        KeyGates.Gate gate = gates.enter(write.key());
        if (!passes(gate, waits)) {
          gates.leave(gate);
          left.add(write);
          continue;
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

  private static boolean passes(KeyGates.Gate gate, boolean waits) {
    if (!waits) {
      return gate.tryExclusive();
    }
    try {
      gate.beginExclusive();
      return true;
    } catch (Overloaded e) {
      return false;
    }
  }
}
