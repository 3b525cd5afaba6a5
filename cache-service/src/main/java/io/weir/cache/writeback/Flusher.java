package io.weir.cache.writeback;

import io.weir.cache.engine.DirtySet;
import io.weir.cache.engine.Ticker;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.RowRejectedException;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one batch gets into the database.
 *
 * <p><b>Failure.</b> A batch that fails for some row's data is halved until that row stands alone;
 * it is quarantined. Any other failure gives what is not committed back.
 *
 * <p><b>Concurrency.</b> The write-back thread's own, {@link #sinceNanos} excepted.
 */
final class Flusher {

  private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);

  private final DirtySet dirtySet;
  private final BackingStore store;
  private final Claim claim;
  private final Version earlier;
  private final DatabaseHistory history;
  private final Settling settling;
  private final Quarantine quarantine;
  private final Outage outage;
  private final Ticker ticker;
  private final FlushListener listener;
  private final Consumer<Throwable> onFailure;

  private volatile long sinceNanos = Long.MAX_VALUE;

  /**
   * @param claim the claim of its transactions
   * @param earlier the last version that an earlier leader may have given
   * @param onFailure told of what is no fault of a row
   */
  Flusher(
      DirtySet dirtySet,
      BackingStore store,
      Claim claim,
      Version earlier,
      DatabaseHistory history,
      Settling settling,
      Quarantine quarantine,
      Outage outage,
      Ticker ticker,
      FlushListener listener,
      Consumer<Throwable> onFailure) {
    this.dirtySet = dirtySet;
    this.store = store;
    this.claim = claim;
    this.earlier = earlier;
    this.history = history;
    this.settling = settling;
    this.quarantine = quarantine;
    this.outage = outage;
    this.ticker = ticker;
    this.listener = listener;
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
    Deque<List<Write>> parts = new ArrayDeque<>();
    parts.push(batch);
    while (!parts.isEmpty()) {
      List<Write> part = parts.pop();
      try {
        commit(part, oldestNanos);
        outage.over();
      } catch (RowRejectedException e) {
        outage.over();
        if (part.size() == 1) {
          quarantine(part.getFirst(), e, oldestNanos);
        } else {
          int half = part.size() / 2;
          parts.push(part.subList(half, part.size()));
          parts.push(part.subList(0, half));
        }
      } catch (RuntimeException | Error e) {
        giveBack(part, parts);
        onFailure.accept(e);
        return;
      }
    }
  }

  private void commit(List<Write> part, long oldestNanos) {
    FlushNumber number = history.next();
    FlushReceipt receipt = timed(number, part);
    quarantine.removeAll(part);
    try {
      history.committed(number.number(), flushed(part, receipt), oldestNanos);
    } finally {
      if (!settling.isEmpty()) {
        dirtySet.committed(part);
      }
    }
    LOG.trace("flushed {} entries in {} statements", part.size(), receipt.statements());
  }

  /** What the rows hold: where that is newer than the write, its entry is taken out. */
  private static List<Mutation> flushed(List<Write> part, FlushReceipt receipt) {
    List<Mutation> flushed = new ArrayList<>(part.size());
    for (Write write : part) {
      flushed.add(new Mutation.Flushed(write.key(), receipt.kept(write.key(), write.version())));
    }
    return flushed;
  }

  private FlushReceipt timed(FlushNumber number, List<Write> part) {
    long start = ticker.nanos();
    FlushListener.Result result = FlushListener.Result.FAILED;
    FlushReceipt receipt = null;
    try {
      receipt = store.flush(claim, number, earlier, part);
      result = FlushListener.Result.OK;
      return receipt;
    } catch (RowRejectedException e) {
      result = FlushListener.Result.REJECTED;
      throw e;
    } catch (FencedException e) {
      result = FlushListener.Result.FENCED;
      throw e;
    } finally {
      listener.flushed(result, part.size(), receipt, Duration.ofNanos(ticker.nanos() - start));
    }
  }

  private void quarantine(Write write, RowRejectedException refusal, long oldestNanos) {
    if (!dirtySet.quarantine(write)) {
      quarantine.remove(write.key());
      return;
    }
    String reason = String.valueOf(refusal.getMessage());
    if (quarantine.refused(write, reason, oldestNanos, ticker.nanos())) {
      LOG.warn("row quarantined: key={} version={}: {}", write.key(), write.version(), reason);
    }
  }

  /** What is committed already is not in its flush any more, and stays where it is. */
  private void giveBack(List<Write> part, Deque<List<Write>> rest) {
    List<Write> all = new ArrayList<>(part);
    rest.forEach(all::addAll);
    dirtySet.giveBack(all);
  }
}
