package io.weir.cache.writeback;

import io.weir.cache.engine.DirtySet;
import io.weir.cache.kv.Write;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.RowsFailedException;
import io.weir.model.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How one batch gets into the database: in one transaction, or in one more for each statement that
 * fails for more than a row's data, without the rows of that.
 *
 * <p><b>Failure.</b> What fails alone is set {@link Aside}. When the database is at fault, what is
 * not committed is given back.
 *
 * <p><b>Concurrency.</b> The write-back thread's own, {@link #sinceNanos} excepted.
 */
final class Flusher {

  private final DirtySet dirtySet;
  private final Commits commits;
  private final Aside aside;
  private final BatchLimit limit;
  private final Outage outage;
  private final BooleanSupplier stopped;
  private final Consumer<Throwable> onFailure;

  private volatile long sinceNanos = Long.MAX_VALUE;

  /**
   * @param stopped whether no further transaction may begin
   * @param onFailure told of what is no fault of a row
   */
  Flusher(
      DirtySet dirtySet,
      Commits commits,
      Aside aside,
      BatchLimit limit,
      Outage outage,
      BooleanSupplier stopped,
      Consumer<Throwable> onFailure) {
    this.dirtySet = dirtySet;
    this.commits = commits;
    this.aside = aside;
    this.limit = limit;
    this.outage = outage;
    this.stopped = stopped;
    this.onFailure = onFailure;
  }

  /**
   * Since when the oldest entry of the flush in progress is dirty, by the ticker; {@code
   * Long.MAX_VALUE} for no flush.
   */
  long sinceNanos() {
    return sinceNanos;
  }

  /** From here on the entries of a flush are on their way out of the queues. */
  void begin(long oldestNanos) {
    sinceNanos = oldestNanos;
  }

  /** The flush is over. */
  void end() {
    sinceNanos = Long.MAX_VALUE;
  }

  /**
   * Flushes a batch.
   *
   * @param oldestNanos since when its oldest entry is dirty
   */
  void flush(List<Write> batch, long oldestNanos) {
    Map<Key, Write> flight = new LinkedHashMap<>();
    batch.forEach(write -> flight.put(write.key(), write));
    Throwable failure = null;
    try {
      aside.setSuspectedAside(flight, oldestNanos);
      boolean again = true;
      while (again && !flight.isEmpty() && !stopped.getAsBoolean()) {
        again = attempt(flight, oldestNanos);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    dirtySet.giveBack(List.copyOf(flight.values()));
    if (failure != null) {
      onFailure.accept(failure);
    }
  }

  /** Returns whether what is left of the batch is to be tried at once. */
  private boolean attempt(Map<Key, Write> flight, long oldestNanos) {
    List<Write> all = List.copyOf(flight.values());
    try {
      FlushReceipt receipt = commits.commit(all, oldestNanos);
      limit.passed();
      outage.over();
      receipt.brought(all).forEach(write -> flight.remove(write.key()));
      aside.setRefusedAside(flight, receipt.left(), oldestNanos);
      return false;
    } catch (RowsFailedException e) {
      if (!e.isLock()) {
        limit.failed();
      }
      aside.setFailedAside(e, flight, oldestNanos);
      return true;
    }
  }
}
