package io.weir.cache.writeback;

import io.weir.cache.engine.DatabaseProgress;
import io.weir.cache.engine.DirtySet;
import io.weir.cache.engine.Ticker;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.WentBackException;
import io.weir.model.Version;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a leader knows of the flushes that its database holds: the number of the next one, and what
 * is done when the database turns out to have gone back.
 *
 * <p>Each flush carries a number, and the database keeps the last one. When that is not what it
 * must be, the database is looked at once more on new sessions, since old ones may lead to a server
 * that is no longer the right one. If it still is not, the journal is told that the database went
 * back, and all that is resident and clean is made dirty again, at every member: by writing it to
 * the journal once more in its own version. Numbers are never given twice: the database as it was
 * before must not pass for what became of the other. So the journal is told of many before the
 * first of them is given, and each leader begins above them.
 *
 * <p>What the database has lost of the flushes that are still {@link Settling} is flushed again,
 * and nobody is asked: it has never become clean.
 *
 * <p><b>Ordering.</b> A flush whose outcome is open may be in the database or not. So the
 * database's number lies between the last committed flush and the last begun one; any other is not
 * this database's. A flush is acknowledged, in the journal, when it has settled.
 *
 * <p><b>Concurrency.</b> The write-back thread's own. <b>Failure.</b> A method that throws has
 * changed nothing, and is called again.
 */
final class DatabaseHistory {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseHistory.class);

  /** How many numbers the journal is told of at once. */
  private static final long RESERVED = 1_000;

  private final DirtySet dirtySet;
  private final DatabaseProgress progress;
  private final BackingStore store;
  private final Claim claim;
  private final FlushSettings settings;
  private final Settling settling;
  private final Ticker ticker;
  private final Consumer<List<Mutation>> journal;

  private boolean begun;

  /** The last flush that the database has committed, as this leader knows. */
  private long committed;

  /** The last number that was given; all below {@link #reserved} may be, as the journal knows. */
  private long given;

  private long reserved;

  /** Whether the database's number was wrong the last time, on sessions that may be old. */
  private boolean doubtful;

  /**
   * Whether the database has gone back and holds no flush since: until it does, it cannot be told
   * from another one that is as old.
   */
  private boolean unmarked;

  /** Whether reads did not show, the last time, what stands behind the fence. */
  private boolean lagging;

  /** What is still to be made dirty again; null for nothing. */
  private @Nullable Iterator<Write> rest;

  /**
   * @param journal appends, and waits until that is durable and applied
   */
  DatabaseHistory(
      DirtySet dirtySet,
      DatabaseProgress progress,
      BackingStore store,
      Claim claim,
      FlushSettings settings,
      Settling settling,
      Ticker ticker,
      Consumer<List<Mutation>> journal) {
    this.dirtySet = dirtySet;
    this.progress = progress;
    this.store = store;
    this.claim = claim;
    this.settings = settings;
    this.settling = settling;
    this.ticker = ticker;
    this.journal = journal;
  }

  /** Whether the database has said, in this reign, how far it has come. */
  boolean hasBegun() {
    return begun;
  }

  /**
   * Asks the database how far it has come, once a reign and before the first flush.
   *
   * @throws WentBackException when it holds less than it has acknowledged
   */
  void begin() {
    flushAgain();
    long found = store.flushNumber(claim);
    DatabaseProgress.State known = progress.now();
    FlushSpan numbers = known.numbers();
    if (found < numbers.from() || (found > numbers.to() && known.wentBack())) {
      throw WentBackException.from(known.acknowledged(), found);
    }
    if (found > numbers.to()) {
      ahead(found, numbers.to());
    } else if (found > known.acknowledged()) {
      committed(found, List.of(), Long.MAX_VALUE);
    }
    beginAt(found, known.highest());
    dirtySet.databaseAnswers(known.wentBack());
    unmarked = known.wentBack();
    rest = known.wentBack() ? dirtySet.clean() : null;
  }

  /**
   * The database holds flushes that this journal never heard of, as after a rescue with one that
   * had lost its end. It is right, and what is clean may be older.
   */
  private void ahead(long found, long known) {
    journal.accept(
        List.of(new Mutation.DatabaseState(found, 0, found), new Mutation.DatabaseAccepted(0)));
    LOG.warn(
        "the last flush in the database is number {}, and this journal knows of none above {}: its"
            + " end is lost, as a rescue may have it. What is not dirty is read from the database",
        found,
        known);
  }

  private void beginAt(long found, long highest) {
    begun = true;
    doubtful = false;
    committed = found;
    given = Math.max(found, highest);
    reserved = given;
  }

  /** What was committed and has not settled is flushed again. */
  private void flushAgain() {
    if (!settling.isEmpty()) {
      settling.clear();
      dirtySet.requeueAll();
    }
  }

  /** The number of the next flush. */
  FlushNumber next() {
    if (given + 1 >= reserved) { // So that what is acknowledged stays below what is set aside.
      DatabaseProgress.State known = progress.now();
      long highest = given + RESERVED;
      journal.accept(
          List.of(new Mutation.DatabaseState(known.acknowledged(), known.missing(), highest)));
      reserved = highest;
    }
    return new FlushNumber(committed, ++given);
  }

  /**
   * The database has committed a flush. The journal is told when that has settled.
   *
   * @param flushed what it has brought, as the journal is told it
   * @param dirtySinceNanos since when the oldest of that is dirty
   */
  void committed(long number, List<Mutation> flushed, long dirtySinceNanos) {
    committed = number;
    doubtful = false;
    settling.add(number, flushed, dirtySinceNanos, ticker.nanos());
    if (!settling.needsLook()) {
      tell(number);
    }
  }

  /**
   * Looks whether the database still holds the flushes that have been kept for long enough, and
   * tells the journal of them.
   *
   * @throws WentBackException when it does not
   */
  void settle() {
    long now = ticker.nanos();
    long due = settling.dueNumber(now);
    if (settling.needsLook()) {
      settling.lookLater(now);
      if (store.flushNumberOnNewSession() < due) {
        requireCommitted(due);
        return;
      }
      lagging = false;
    }
    tell(due);
  }

  /** A read may have met a server that lags. What stands behind the fence does not. */
  private void requireCommitted(long due) {
    store.renewSessions();
    doubtful = true;
    long found = store.flushNumber(claim);
    if (found < committed) {
      throw WentBackException.from(committed, found);
    }
    doubtful = false;
    if (!lagging) {
      lagging = true;
      LOG.warn(
          "the database has committed flush {}, and a new session does not read it: the address"
              + " leads reads to a server that lags behind. What was flushed stays dirty until"
              + " they show it",
          due);
    }
  }

  private void tell(long upTo) {
    for (Settling.Flush flush = settling.first(upTo); flush != null; flush = settling.first(upTo)) {
      journal.accept(flush.told());
      settling.removeFirst();
    }
  }

  /**
   * The database's number is wrong: has it looked at again on new sessions, or tells the journal.
   */
  void wentBack(WentBackException e) {
    if (!doubtful) {
      doubtful = true;
      LOG.warn("{}; looking again on new sessions", e.getMessage());
      store.renewSessions();
      return;
    }
    DatabaseProgress.State known = progress.now();
    if (e.found() >= known.acknowledged() && e.found() < committed) {
      LOG.warn(
          "the database has lost the flushes {} to {}, which had not settled: what they brought is"
              + " flushed again",
          e.found() + 1,
          committed);
      doubtful = false;
      committed = e.found();
      flushAgain();
      return;
    }
    long missing = known.missing() + Math.max(1, Math.abs(known.acknowledged() - e.found()));
    long highest = Math.max(e.found(), Math.max(given, known.highest()));
    journal.accept(List.of(new Mutation.DatabaseState(e.found(), missing, highest)));
    flushAgain();
    beginAt(e.found(), highest);
    dirtySet.databaseAnswers(true);
    unmarked = true;
    rest = dirtySet.clean();
    LOG.error(
        "THE DATABASE WENT BACK: {}. It has lost {} flushes at least, and with them the newest"
            + " version of what was in them. What is in memory is written to it again; what is not"
            + " is answered with 503 database-went-back until 'weir accept-database' says that this"
            + " is the right database",
        e.getMessage(),
        missing);
  }

  /**
   * Accepts the database as it is now, for the operator. Not before all that is in memory is dirty:
   * what would be evicted clean after that would be read from the database as it was before.
   *
   * @param missing how many flushes the operator was told to be missing
   */
  AcceptOutcome accept(long missing) {
    DatabaseProgress.State known = progress.now();
    if (!known.wentBack()) {
      return AcceptOutcome.NOT_WENT_BACK;
    }
    if (known.missing() != missing) {
      return AcceptOutcome.OTHER_NUMBER;
    }
    if (!begun || unmarked || rest != null) {
      return AcceptOutcome.STILL_WRITING;
    }
    try {
      mark();
    } catch (WentBackException e) {
      begun = false; // It went back again, which is dealt with first.
      return AcceptOutcome.STILL_WRITING;
    }
    journal.accept(List.of(new Mutation.DatabaseAccepted(missing)));
    LOG.warn("the operator accepts the database, which has lost {} flushes", missing);
    return AcceptOutcome.ACCEPTED;
  }

  /**
   * Marks a database that went back, by a flush of nothing, so that it is told from any other that
   * it may be exchanged for.
   */
  void markIfItWentBack() {
    if (unmarked) {
      mark();
    }
  }

  private void mark() {
    FlushNumber number = next();
    FlushReceipt _ = store.flush(claim, number, Version.NONE, List.of());
    committed = number.number();
    doubtful = false;
    journal.accept(List.of(new Mutation.FlushAcknowledged(number.number())));
    unmarked = false;
  }

  /**
   * Tells the journal all that this leader knows: it has room for that now, and had not before.
   *
   * @return false when there is nothing to tell, since the database has not answered yet
   */
  boolean restate() {
    if (!begun) {
      return false;
    }
    DatabaseProgress.State known = progress.now();
    long highest = Math.max(known.highest(), reserved);
    journal.accept(
        List.of(new Mutation.DatabaseState(known.acknowledged(), known.missing(), highest)));
    return true;
  }

  /** Whether something waits to be made dirty again. */
  boolean isMakingDirty() {
    return rest != null;
  }

  /**
   * Makes a batch of what is clean dirty again, as long as little is dirty. Returns whether there
   * was any.
   *
   * <p>Each entry is looked at once more before: it may have been written, flushed and evicted
   * since, and would come back older than its row. What is written after that look is flushed by
   * this thread, and so not before the batch is applied.
   */
  boolean makeDirtyAgain() {
    Iterator<Write> left = rest;
    if (left == null || dirtySet.dirtyBytes() > settings.lowWatermarkBytes()) {
      return false;
    }
    List<Mutation> again = new ArrayList<>();
    long bytes = 0;
    while (again.size() < settings.batchEntries()
        && bytes < settings.batchBytes()
        && left.hasNext()) {
      Write write = left.next();
      if (!dirtySet.isClean(write)) {
        continue;
      }
      bytes += write.key().length() + (write.value() == null ? 0 : write.value().bytes().length);
      again.add(new Mutation.Written(write));
    }
    if (!again.isEmpty()) {
      rest = dirtySet.clean(); // From the beginning, should the journal refuse.
      journal.accept(again);
    }
    rest = left.hasNext() ? left : null;
    return !again.isEmpty();
  }
}
