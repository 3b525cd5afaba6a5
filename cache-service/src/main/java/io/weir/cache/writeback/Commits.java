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
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction that brings writes to the database, with its number, and what follows from its
 * success: the journal is told, now or when it has settled.
 *
 * <p><b>Concurrency.</b> The write-back thread's own.
 */
final class Commits {

  private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

  private final DirtySet dirtySet;
  private final BackingStore store;
  private final Claim claim;
  private final Version earlier;
  private final DatabaseHistory history;
  private final Settling settling;
  private final Quarantine quarantine;
  private final ExpiredWrites expired;
  private final Ticker ticker;
  private final FlushListener listener;

  /**
   * @param claim the claim of its transactions
   * @param earlier the last version that an earlier leader may have given
   * @param expired tells what is flushed as a delete
   */
  Commits(
      DirtySet dirtySet,
      BackingStore store,
      Claim claim,
      Version earlier,
      DatabaseHistory history,
      Settling settling,
      Quarantine quarantine,
      ExpiredWrites expired,
      Ticker ticker,
      FlushListener listener) {
    this.dirtySet = dirtySet;
    this.store = store;
    this.claim = claim;
    this.earlier = earlier;
    this.history = history;
    this.settling = settling;
    this.quarantine = quarantine;
    this.expired = expired;
    this.ticker = ticker;
    this.listener = listener;
  }

  /**
   * Brings writes, which are in a flush, to the database. What the receipt says that it left is in
   * that flush still.
   *
   * @param oldestNanos since when the oldest of them is dirty
   * @throws RuntimeException as the store and the journal do; all of them are in the flush still
   */
  FlushReceipt commit(List<Write> writes, long oldestNanos) {
    FlushNumber number = history.next();
    FlushReceipt receipt = timed(number, writes);
    List<Write> brought = receipt.brought(writes);
    if (brought.isEmpty()) {
      return receipt;
    }
    quarantine.removeAll(brought);
    try {
      history.committed(number.number(), flushed(brought, receipt), oldestNanos);
    } finally {
      if (!settling.isEmpty()) {
        dirtySet.committed(brought);
      }
    }
    LOG.trace("flushed {} entries in {} statements", brought.size(), receipt.statements());
    return receipt;
  }

  /** What the rows hold: where that is newer than the write, its entry is taken out. */
  private static List<Mutation> flushed(List<Write> brought, FlushReceipt receipt) {
    List<Mutation> flushed = new ArrayList<>(brought.size());
    for (Write write : brought) {
      flushed.add(new Mutation.Flushed(write.key(), receipt.kept(write.key(), write.version())));
    }
    return flushed;
  }

  private FlushReceipt timed(FlushNumber number, List<Write> writes) {
    long start = ticker.nanos();
    FlushListener.Result result = FlushListener.Result.FAILED;
    FlushReceipt receipt = null;
    int entries = writes.size();
    try {
      FlushReceipt given = store.flush(claim, number, earlier, expired.asDeletes(writes));
      int brought = given.brought(writes).size();
      if (brought == 0) {
        result = FlushListener.Result.REJECTED;
      } else {
        result = FlushListener.Result.OK;
        receipt = given;
        entries = brought;
      }
      return given;
    } catch (FencedException e) {
      result = FlushListener.Result.FENCED;
      throw e;
    } finally {
      listener.flushed(result, entries, receipt, Duration.ofNanos(ticker.nanos() - start));
    }
  }
}
