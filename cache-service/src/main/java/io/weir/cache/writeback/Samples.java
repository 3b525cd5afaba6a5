package io.weir.cache.writeback;

import io.weir.cache.engine.DirtySet;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.RowsFailedException;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Tells a failure at some rows from an outage: a few rows are tried alone, chosen at random from
 * all that is dirty. Those of the batch would not do, since the oldest rows are the ones that
 * failed before. Where all of them fail it is an outage.
 *
 * <p><b>Concurrency.</b> The write-back thread's own.
 */
final class Samples {

  /** How many rows fail before it is an outage. */
  private static final int MOST_ERRORS = 3;

  /** How many are tried at most: that one is refused or locked tells nothing of an outage. */
  private static final int MOST_SAMPLES = 10;

  private final DirtySet dirtySet;
  private final BackingStore store;
  private final Commits commits;

  Samples(DirtySet dirtySet, BackingStore store, Commits commits) {
    this.dirtySet = dirtySet;
    this.store = store;
    this.commits = commits;
  }

  /**
   * What is known of the rows that were tried, but for the one that has passed.
   *
   * @param failed rows that fail alone
   * @param refused what the database has refused for its data
   */
  record Told(Map<Write, RowsFailedException> failed, List<FlushReceipt.Left> refused) {}

  /**
   * Tries rows alone until one passes.
   *
   * @param flight what is in the flush, the rows of the failure among it; what is tried besides
   *     comes to it, and what passes leaves it
   * @throws RowsFailedException the failure, when none passes. What the database says before it
   *     comes to a row is thrown as it is
   */
  Told requireNoOutage(RowsFailedException failure, Map<Key, Write> flight, long sinceNanos) {
    Told told = new Told(new LinkedHashMap<>(), new ArrayList<>());
    List<Write> own = new ArrayList<>(flight.values());
    Collections.shuffle(own, ThreadLocalRandom.current());
    int errors = 0;
    for (int i = 0; i < MOST_SAMPLES && errors < MOST_ERRORS; i++) {
      Write write = next(own, flight);
      if (write == null) {
        break;
      }
      try {
        FlushReceipt receipt = commits.commit(List.of(write), sinceNanos);
        if (!receipt.brought(List.of(write)).isEmpty()) {
          flight.remove(write.key());
          return told;
        }
        told.refused().add(receipt.left());
      } catch (RowsFailedException e) {
        told.failed().put(write, e);
        errors += e.isLock() ? 0 : 1;
      }
    }
    if (errors < MOST_ERRORS && !told.refused().isEmpty()) {
      return told; // It has judged rows, and so is no outage.
    }
    store.renewSessions(); // What the server has said to a session it may not say to a new one.
    throw failure;
  }

  /**
   * A row at random, of those in the flush or of those that wait.
   *
   * @param own those in the flush, in a random order; it leaves them
   */
  private @Nullable Write next(List<Write> own, Map<Key, Write> flight) {
    long waiting = Math.max(0, dirtySet.dirtyEntries() - flight.size());
    boolean fromFlight =
        ThreadLocalRandom.current().nextLong(own.size() + waiting + 1) < own.size();
    if (!fromFlight || own.isEmpty()) {
      Write other = dirtySet.takeAny().orElse(null);
      if (other != null) {
        flight.put(other.key(), other);
        return other;
      }
    }
    return own.isEmpty() ? null : own.removeLast();
  }
}
