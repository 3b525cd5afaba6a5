package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.engine.LoadTurns.Miss;
import io.weir.cache.kv.Versioned;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.StoreException;
import io.weir.model.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Reads of keys that are not resident: one load of the database a key at a time, whoever asks, and
 * a bounded number of statements in all, which share keys where they have to wait: {@link
 * LoadTurns}.
 *
 * <p><b>Failure.</b> A statement that fails, fails for all of its keys. A row that cannot be read
 * with others is read alone, and fails for its own key only.
 */
final class ReadThrough {

  /** How long a read that nobody asked for waits for its turn. */
  private static final Duration IDLE_WAIT = Duration.ofSeconds(5);

  /** What one turn loads ahead, but for its first statement and the last value. */
  private static final long MOST_AHEAD_BYTES = 8 << 20;

  /** A load that nobody asked for has ended without being tried: whoever has joined it, reads. */
  private static final class NotRead extends RuntimeException {

    NotRead() {
      super(null, null, false, false);
    }
  }

  private final BackingStore store;
  private final Table table;
  private final Loads loads;
  private final DatabaseProgress progress;
  private final Expiry expiry;
  private final ForeignRows foreignRows;
  private final ReadStatistics.Counter counter;
  private final LoadSize size = new LoadSize();
  private final LoadTurns turns;

  ReadThrough(
      EngineSettings settings,
      BackingStore store,
      Table table,
      Loads loads,
      DatabaseProgress progress,
      Expiry expiry,
      ForeignRows foreignRows,
      ReadStatistics.Counter counter) {
    this.store = store;
    this.table = table;
    this.loads = loads;
    this.progress = progress;
    this.expiry = expiry;
    this.foreignRows = foreignRows;
    this.counter = counter;
    this.turns = new LoadTurns(settings.maxLoads(), settings.maxLoadWait(), size::keys);
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
   * already when the load reads; one applied after detaches it. It is under the stripe's lock,
   * under which the load is detached too where an entry is written or dropped: so it sees both or
   * neither.
   */
  Read load(Key key) {
    Loads.Load mine = new Loads.Load();
    boolean counted = false;
    for (Loads.Load theirs = loads.attach(key, mine);
        theirs != null;
        theirs = loads.attach(key, mine)) {
      if (!counted) {
        counter.missed();
        counted = true;
      }
      try {
        return read(Outcome.of(theirs));
      } catch (NotRead e) {
        // Then this one reads it.
      }
    }
    try {
      Entry resident = table.readLocked(key);
      if (resident != null) {
        loads.detach(key, mine);
        mine.complete(new Table.Installed(resident, true));
        return expiry.read(resident);
      }
      if (!counted) {
        counter.missed();
      }
      readInTurn(new Miss(key, mine));
    } catch (RuntimeException | Error e) {
      loads.detach(key, mine);
      mine.completeExceptionally(e);
      throw e;
    }
    return read(Outcome.of(mine));
  }

  private Read read(Table.Installed loaded) {
    return new Read.Answer(expiry.now(loaded.what()), false, loaded.resident());
  }

  /** Has a key read, in this thread's own turn or in another's. */
  private void readInTurn(Miss miss) {
    try {
      while (!miss.load().isDone()) {
        List<Miss> batch = turns.await(miss);
        if (!batch.isEmpty()) {
          try {
            read(batch);
          } finally {
            turns.end(batch);
          }
        }
      }
    } finally {
      miss.interruptAgain();
    }
  }

  /** Reads the rows of some keys in a turn, and ends their loads, but for those left out. */
  private void read(List<Miss> batch) {
    try {
      counter.statement();
      if (batch.size() == 1) {
        Miss one = batch.getFirst();
        end(one, rowThatCounts(one.key()));
        return;
      }
      List<Key> keys = batch.stream().map(Miss::key).toList();
      Map<Key, Versioned> rows = progress.read(numbers -> store.loadAll(keys, numbers));
      for (Miss miss : batch) {
        Versioned row = rows.get(miss.key());
        if (row == null) {
          miss.leaveOut();
          size.leftOut(batch.size());
        } else {
          end(miss, row);
        }
      }
    } catch (RuntimeException e) {
      batch.forEach(miss -> fail(miss, e));
    } catch (Error e) {
      batch.forEach(miss -> fail(miss, e));
      throw e;
    }
  }

  private void end(Miss miss, Versioned found) {
    Versioned row = expiry.now(foreignRows.loaded(found));
    counter.loaded(row);
    size.loaded(row.value());
    miss.load().complete(table.install(miss.key(), miss.load(), row));
  }

  private void fail(Miss miss, Throwable failure) {
    loads.detach(miss.key(), miss.load());
    if (miss.load().completeExceptionally(failure)) {
      counter.loadFailed();
    }
  }

  /**
   * Loads some keys that nobody has asked for, if they are not resident: as many as one statement
   * reads, in a turn that no miss wants.
   *
   * @param keys taken from as far as it has looked
   * @param maxBytes of resident ones, beyond which it looks no further
   * @return what that was
   * @throws Overloaded when misses leave it no turn
   * @throws StoreException when the database does not answer for several of them; one alone may be
   *     a row that cannot be read
   */
  Ahead loadAhead(Iterator<Key> keys, long maxBytes) throws InterruptedException {
    List<Key> missing = new ArrayList<>();
    long resident = 0;
    int most = size.keys();
    while (missing.size() < most && resident < maxBytes && keys.hasNext()) {
      Key key = keys.next();
      int weight = table.weight(key);
      resident += weight;
      if (weight == 0) {
        missing.add(key);
      }
    }
    if (missing.isEmpty()) {
      return new Ahead(0, 0, resident);
    }
    if (!turns.takeIdle(IDLE_WAIT)) {
      throw new Overloaded("clients' reads of the database leave no turn for others");
    }
    List<Miss> batch = new ArrayList<>();
    try {
      missing.forEach(key -> attach(key, batch));
      if (!batch.isEmpty()) {
        read(batch);
        if (batch.size() > 1 && batch.stream().allMatch(ReadThrough::hasFailed)) {
          var _ = Outcome.of(batch.getFirst().load()); // Throws what the statement has ended with.
        }
        readLeftOut(batch);
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(miss -> fail(miss, e));
      throw e;
    } finally {
      turns.end(List.of());
    }
    return loadedAhead(batch, resident);
  }

  /**
   * Reads those that were left out, ever fewer by a statement, as long as no client waits for a
   * turn, the database answers, and they are not much. Whoever joins the others reads for himself.
   */
  private void readLeftOut(List<Miss> batch) {
    List<Miss> left = batch;
    try {
      while (true) {
        left = left.stream().filter(miss -> !miss.load().isDone()).toList();
        if (left.isEmpty() || turns.waiting() > 0 || isMuchOrFailed(batch)) {
          return;
        }
        read(left.subList(0, Math.min(size.keys(), left.size())));
      }
    } finally {
      left.forEach(this::giveUp);
    }
  }

  private static boolean isMuchOrFailed(List<Miss> batch) {
    long bytes = 0;
    for (Miss miss : batch) {
      if (hasFailed(miss)) {
        return true;
      }
      if (miss.load().isDone()) {
        bytes += Weights.ofClean(miss.key(), Outcome.of(miss.load()).what().value());
      }
    }
    return bytes > MOST_AHEAD_BYTES;
  }

  private static boolean hasFailed(Miss miss) {
    return miss.load().isCompletedExceptionally();
  }

  private void giveUp(Miss miss) {
    loads.detach(miss.key(), miss.load());
    miss.load().completeExceptionally(new NotRead());
  }

  private Ahead loadedAhead(List<Miss> batch, long resident) {
    List<Miss> done = batch.stream().filter(miss -> !hasFailed(miss)).toList();
    long loaded = 0;
    for (Miss miss : done) {
      loaded += Weights.ofClean(miss.key(), Outcome.of(miss.load()).what().value());
    }
    counter.ahead(done.size());
    return new Ahead(done.size(), loaded, resident + loaded);
  }

  /** The second look is as needful here as in {@link #load}. */
  private void attach(Key key, List<Miss> batch) {
    Loads.Load load = new Loads.Load();
    if (loads.attach(key, load) != null) {
      return;
    }
    Versioned resident = table.peek(key);
    if (resident == null) {
      batch.add(new Miss(key, load));
    } else {
      loads.detach(key, load);
      load.complete(new Table.Installed(resident, true));
    }
  }

  /**
   * Reads a key's row, whatever it holds, so as to know that the database holds what it must.
   *
   * @throws StoreException when it does not, or does not answer
   */
  void requireAnswer(Key key) {
    Miss miss = Miss.alone(key, new Loads.Load());
    try {
      List<Miss> alone = turns.await(miss);
      try {
        counter.statement();
        Versioned _ = rowThatCounts(key);
      } finally {
        turns.end(alone);
      }
    } finally {
      miss.interruptAgain();
    }
  }

  /** How many misses wait for their turn. */
  int waiting() {
    return turns.waiting();
  }

  private Versioned rowThatCounts(Key key) {
    return progress.read(numbers -> store.load(key, numbers));
  }
}
