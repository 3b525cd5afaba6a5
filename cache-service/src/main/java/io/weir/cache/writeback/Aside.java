package io.weir.cache.writeback;

import io.weir.cache.engine.DirtySet;
import io.weir.cache.engine.Ticker;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.RowsFailedException;
import io.weir.cache.writeback.Quarantine.Cause;
import io.weir.model.Key;
import io.weir.model.Shown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writes that are set aside, so that no batch meets them: parts of a batch in which some row is
 * known to fail, until it is known which; and the rows of the {@link Quarantine}. One part, or some
 * rows, are tried between two batches.
 *
 * <p><b>Who is at fault.</b> What the database refuses for its data is, and what another
 * transaction holds, where that can be seen. Any other failure may be the database's, which {@link
 * Samples} tell. In an outage nothing is set aside; else what fails alone is at fault.
 *
 * <p><b>Invariant.</b> A write that is set aside is so in the engine too, and waits in no queue. It
 * is in a part or in the quarantine, unless its key was written again.
 *
 * <p><b>Concurrency.</b> The write-back thread's own, {@link #oldestNanos} excepted.
 */
final class Aside {

  private static final Logger LOG = LoggerFactory.getLogger(Aside.class);

  /** Rows that are refused are named in the log one by one as long as there are few. */
  private static final int FEW = 100;

  private final DirtySet dirtySet;
  private final BackingStore store;
  private final Commits commits;
  private final Quarantine quarantine;
  private final Outage outage;
  private final Samples samples;
  private final Ticker ticker;

  private final Deque<Part> parts = new ArrayDeque<>();

  /** Parts and rows take turns. */
  private boolean rowsWereLast;

  private volatile long oldestPartNanos = Long.MAX_VALUE;

  /**
   * Writes of which some fail.
   *
   * @param sinceNanos since when the oldest of them is dirty
   */
  private record Part(List<Write> writes, long sinceNanos) {}

  Aside(
      DirtySet dirtySet,
      BackingStore store,
      Commits commits,
      Quarantine quarantine,
      Outage outage,
      Ticker ticker) {
    this.dirtySet = dirtySet;
    this.store = store;
    this.commits = commits;
    this.quarantine = quarantine;
    this.outage = outage;
    this.samples = new Samples(dirtySet, store, commits);
    this.ticker = ticker;
  }

  /** Since when the oldest of the parts is dirty; {@code Long.MAX_VALUE} for none. Any thread. */
  long oldestNanos() {
    return oldestPartNanos;
  }

  /** When the next of them is tried, by the ticker; {@code Long.MAX_VALUE} for none. */
  long nextTryNanos() {
    return parts.isEmpty() ? quarantine.nextTryNanos() : Long.MIN_VALUE;
  }

  /** Tries one part, or some rows, alone. Returns false when there is nothing to try now. */
  boolean tryNext(long nowNanos) {
    boolean rows = parts.isEmpty() || !rowsWereLast;
    rowsWereLast = rows;
    return (rows && tryRows(nowNanos)) || tryPart() || tryRows(nowNanos);
  }

  private boolean tryRows(long nowNanos) {
    List<Key> untried = quarantine.untried();
    if (!untried.isEmpty()) {
      boolean _ = tryRows(untried);
      return true;
    }
    List<Key> due = quarantine.due(nowNanos);
    if (due.isEmpty()) {
      return false;
    }
    boolean allPassed = false;
    try {
      allPassed = tryRows(due);
    } finally {
      quarantine.tried(allPassed, nowNanos);
    }
    return true;
  }

  private boolean tryPart() {
    Part part = parts.pollFirst();
    if (part == null) {
      return false;
    }
    try {
      tryPart(part);
    } finally {
      oldestPartNanos = parts.stream().mapToLong(Part::sinceNanos).min().orElse(Long.MAX_VALUE);
    }
    return true;
  }

  /** Sets the writes of a batch aside whose key was refused lately. */
  void setSuspectedAside(Map<Key, Write> flight, long sinceNanos) {
    long now = ticker.nanos();
    for (Write write : List.copyOf(flight.values())) {
      if (quarantine.isSuspected(write.key(), now)) {
        flight.remove(write.key());
        if (dirtySet.setAside(write)) {
          quarantine.suspect(write, sinceNanos, now);
        }
      }
    }
  }

  /** Sets aside what the database has refused of a flush for its data. */
  void setRefusedAside(Map<Key, Write> flight, FlushReceipt.Left left, long sinceNanos) {
    setRefusedAside(flight, left.refused(), sinceNanos);
    for (List<Write> part : left.unresolved()) {
      part.forEach(write -> flight.remove(write.key()));
      setAside(part, sinceNanos);
    }
  }

  private void setRefusedAside(Map<Key, Write> flight, Map<Key, String> reasons, long sinceNanos) {
    reasons.forEach((key, reason) -> {
      Write write = flight.remove(key);
      if (write != null) {
        refused(write, Cause.REFUSED, reason, sinceNanos);
      }
    });
  }

  /**
   * Sets aside what a batch has failed at. What stays in it may pass.
   *
   * @param flight the writes of the batch that are in the flush; what leaves the flush leaves it
   * @throws RowsFailedException when the failure is the database's
   */
  void setFailedAside(RowsFailedException failure, Map<Key, Write> flight, long sinceNanos) {
    if (failure.isLock()) {
      List<Write> free = withoutLocked(failure, flight, sinceNanos);
      if (free.size() == failure.rows().size()) {
        alone(failure, flight, List.of(free), sinceNanos);
      }
      return;
    }
    told(samples.requireNoOutage(failure, flight, sinceNanos), flight, sinceNanos);
    List<Write> left =
        failure.rows().stream().filter(write -> flight.containsKey(write.key())).toList();
    alone(failure, flight, halves(left), sinceNanos);
  }

  /** Sets aside which of the samples are at fault. */
  private void told(Samples.Told told, Map<Key, Write> flight, long sinceNanos) {
    told.refused().forEach(left -> setRefusedAside(flight, left, sinceNanos));
    told.failed().forEach((write, e) -> alone(e, flight, List.of(List.of(write)), sinceNanos));
  }

  /**
   * Asks rows that wait, for a part that is set aside already. Where none waits nobody is held up,
   * and nothing is known.
   */
  private void requireNoOutageBesides(RowsFailedException failure, long sinceNanos) {
    Map<Key, Write> flight = new LinkedHashMap<>();
    dirtySet.takeAny().ifPresent(write -> flight.put(write.key(), write));
    if (flight.isEmpty()) {
      return;
    }
    try {
      told(samples.requireNoOutage(failure, flight, sinceNanos), flight, sinceNanos);
    } finally {
      dirtySet.giveBack(List.copyOf(flight.values()));
    }
  }

  private void tryPart(Part part) {
    Map<Key, Write> flight = new LinkedHashMap<>();
    for (Write write : part.writes()) {
      Write newest = dirtySet.takeAside(write.key()).orElse(null);
      if (newest != null) {
        flight.put(newest.key(), newest);
      }
    }
    List<Write> all = List.copyOf(flight.values());
    if (all.isEmpty()) {
      return;
    }
    try {
      FlushReceipt receipt = commits.commit(all, part.sinceNanos());
      outage.over();
      receipt.brought(all).forEach(write -> flight.remove(write.key()));
      setRefusedAside(flight, receipt.left(), part.sinceNanos());
    } catch (RowsFailedException e) {
      if (!e.isLock()) {
        requireNoOutageBesides(e, part.sinceNanos());
      }
      List<Write> free =
          e.isLock() ? withoutLocked(e, flight, part.sinceNanos()) : List.copyOf(e.rows());
      if (free.size() == e.rows().size()) {
        alone(e, flight, halves(free), part.sinceNanos());
      }
    } finally {
      setAside(List.copyOf(flight.values()), part.sinceNanos());
    }
  }

  /** Tries rows of the quarantine. Returns whether there were some, and all have passed. */
  private boolean tryRows(List<Key> due) {
    Map<Key, Write> flight = new LinkedHashMap<>();
    for (Key key : due) {
      Write write = dirtySet.takeAside(key).orElse(null);
      if (write == null) {
        quarantine.remove(key);
      } else {
        flight.put(key, write);
      }
    }
    try {
      return !flight.isEmpty() && pass(flight);
    } finally {
      dirtySet.giveBack(List.copyOf(flight.values()));
    }
  }

  /** Tries rows that were refused before. Returns whether all of them pass. */
  private boolean pass(Map<Key, Write> flight) {
    boolean some = refuseLocked(flight);
    List<Write> all = List.copyOf(flight.values());
    if (all.isEmpty()) {
      return false;
    }
    long since = ticker.nanos();
    try {
      FlushReceipt receipt = commits.commit(all, quarantine.oldestNanos(flight.keySet()));
      outage.over();
      quarantine.triedTogether(true);
      List<Write> brought = receipt.brought(all);
      brought.forEach(write -> flight.remove(write.key()));
      setRefusedAside(flight, receipt.left().refused(), since);
      return !some && brought.size() == all.size();
    } catch (RowsFailedException e) {
      quarantine.triedTogether(e.rows().size() == 1);
      if (e.rows().size() == 1) { // Of several each is due still, and comes by itself.
        Write write = e.rows().getFirst();
        flight.remove(write.key());
        refused(write, cause(e), String.valueOf(e.getMessage()), since);
      }
      return false;
    }
  }

  /** Takes out what is still locked, without waiting for it. Returns whether that is any. */
  private boolean refuseLocked(Map<Key, Write> flight) {
    List<Key> were = flight.keySet().stream().filter(quarantine::isLocked).toList();
    if (were.isEmpty()) {
      return false;
    }
    Set<Key> locked = store.locked(were);
    for (Key key : locked) {
      Write write = flight.remove(key);
      if (write != null) {
        refused(write, Cause.LOCKED, quarantine.reason(key), ticker.nanos());
      }
    }
    return !locked.isEmpty();
  }

  /** Sets rows aside that others hold as can be seen. Returns those that may be free. */
  private List<Write> withoutLocked(
      RowsFailedException failure, Map<Key, Write> flight, long sinceNanos) {
    Set<Key> locked = store.locked(failure.rows().stream().map(Write::key).toList());
    List<Write> free = new ArrayList<>();
    for (Write write : failure.rows()) {
      if (locked.contains(write.key())) {
        flight.remove(write.key());
        refused(write, Cause.LOCKED, String.valueOf(failure.getMessage()), sinceNanos);
      } else {
        free.add(write);
      }
    }
    return free;
  }

  /** Sets rows aside of which some have failed: one that is at fault, or parts to be tried. */
  private void alone(
      RowsFailedException failure,
      Map<Key, Write> flight,
      List<List<Write>> parts,
      long sinceNanos) {
    for (List<Write> part : parts) {
      part.forEach(write -> flight.remove(write.key()));
      if (failure.rows().size() == 1 && !part.isEmpty()) {
        String reason = String.valueOf(failure.getMessage());
        refused(part.getFirst(), cause(failure), reason, sinceNanos);
      } else {
        setAside(part, sinceNanos);
      }
    }
  }

  private static Cause cause(RowsFailedException failure) {
    return failure.isLock() ? Cause.LOCKED : Cause.REFUSED;
  }

  private static List<List<Write>> halves(List<Write> rows) {
    int half = rows.size() / 2;
    return List.of(rows.subList(0, half), rows.subList(half, rows.size()));
  }

  private void setAside(List<Write> writes, long sinceNanos) {
    List<Write> newest = writes.stream().filter(dirtySet::setAside).toList();
    if (!newest.isEmpty()) {
      parts.addLast(new Part(newest, sinceNanos));
      oldestPartNanos = Math.min(oldestPartNanos, sinceNanos);
    }
  }

  private void refused(Write write, Cause cause, String reason, long sinceNanos) {
    if (!dirtySet.quarantine(write)) {
      quarantine.remove(write.key());
      return;
    }
    if (quarantine.refused(write, cause, reason, sinceNanos, ticker.nanos())) {
      int size = quarantine.size();
      String key = Shown.of(write.key());
      if (size <= FEW) {
        LOG.warn("row set aside: key={} version={}: {}", key, write.version(), reason);
      } else if (Integer.bitCount(size) == 1) {
        LOG.warn("{} rows are set aside, the last one is key={}: {}", size, key, reason);
      }
    }
  }
}
