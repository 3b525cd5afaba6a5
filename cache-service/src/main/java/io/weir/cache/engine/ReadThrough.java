package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.kv.Versioned;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.StoreException;
import io.weir.model.Key;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Reads of keys that are not resident: one load of the database a key at a time, whoever asks, and
 * a bounded number of them in all.
 */
final class ReadThrough {

  private final EngineSettings settings;
  private final BackingStore store;
  private final Table table;
  private final Loads loads;
  private final DatabaseProgress progress;
  private final Expiry expiry;
  private final ForeignRows foreignRows;
  private final ReadStatistics.Counter counter;
  private final Semaphore permits;

  ReadThrough(
      EngineSettings settings,
      BackingStore store,
      Table table,
      Loads loads,
      DatabaseProgress progress,
      Expiry expiry,
      ForeignRows foreignRows,
      ReadStatistics.Counter counter) {
    this.settings = settings;
    this.store = store;
    this.table = table;
    this.loads = loads;
    this.progress = progress;
    this.expiry = expiry;
    this.foreignRows = foreignRows;
    this.counter = counter;
    this.permits = new Semaphore(settings.maxLoads());
  }

  /**
   * Joins or starts the key's load.
   *
   * <p>Looking at the table again after attaching the load is not redundant:
   *
   * <ol>
   *   <li>this read finds the key absent in the table;
   *   <li>a write of it is applied, and has no load to detach;
   *   <li>this read attaches its load and reads the row as it was before that write's flush;
   *   <li>the write is flushed, acknowledged and evicted;
   *   <li>the load would install the old row, and readers that come now would join it.
   * </ol>
   *
   * A write applied before the load is attached is seen by the second look, or is in the database
   * already when the load reads; one applied after detaches it.
   */
  Read load(Key key) {
    Loads.Load mine = new Loads.Load();
    Loads.Load theirs = loads.attach(key, mine);
    if (theirs != null) {
      counter.missed();
      return read(Outcome.of(theirs));
    }
    try {
      Entry resident = table.read(key);
      if (resident != null) {
        loads.detach(key, mine);
        mine.complete(new Table.Installed(resident, true));
        return expiry.read(resident);
      }
      counter.missed();
      Table.Installed installed = table.install(key, mine, loadRow(key));
      mine.complete(installed);
      return read(installed);
    } catch (RuntimeException | Error e) {
      loads.detach(key, mine);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private Read read(Table.Installed loaded) {
    return new Read.Answer(expiry.now(loaded.what()), false, loaded.resident());
  }

  /**
   * Reads a key's row, whatever it holds, so as to know that the database holds what it must.
   *
   * @throws StoreException when it does not, or does not answer
   */
  void requireAnswer(Key key) {
    acquirePermit();
    try {
      Versioned _ = rowThatCounts(key);
    } finally {
      permits.release();
    }
  }

  private Versioned loadRow(Key key) {
    acquirePermit();
    try {
      Versioned row = expiry.now(foreignRows.loaded(rowThatCounts(key)));
      counter.loaded(row);
      return row;
    } catch (RuntimeException e) {
      counter.loadFailed();
      throw e;
    } finally {
      permits.release();
    }
  }

  private Versioned rowThatCounts(Key key) {
    return progress.read(numbers -> store.load(key, numbers));
  }

  private void acquirePermit() {
    try {
      if (permits.tryAcquire(settings.maxLoadWait().toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new Overloaded(
        settings.maxLoads()
            + " reads of the database are in flight, and none ended within "
            + settings.maxLoadWait().toMillis()
            + " ms");
  }
}
