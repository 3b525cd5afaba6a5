package io.weir.cache.writeback;

import io.weir.cache.engine.DatabaseProgress;
import io.weir.cache.engine.DirtySet;
import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.Ticker;
import io.weir.cache.engine.Waiting;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.WentBackException;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that brings dirty entries to the database: when they are old, when much is dirty, when
 * eviction waits for them, or when somebody asks.
 *
 * <p><b>Ordering.</b> One thread, so one flush at a time: the fence's row would let no second one
 * run beside it anyway, and so no two flushes of a key can overtake each other. A batch carries one
 * version a key, the newest when it was taken. A row that is newer all the same, and than all that
 * earlier leaders gave, is somebody else's, and is replaced: whoever makes an older version dirty
 * again must hold the key's gate.
 *
 * <p><b>Failure.</b> What fails alone, for its data, a lock or an error of its own, is set {@link
 * Aside}, and tried again by itself. Where all fails, all waits with growing delays. An entry
 * becomes clean only by the database's acknowledgement of its very version, once that has settled
 * and the journal has it too; where the row holds a newer one, the entry is taken out. A database
 * that does not hold what it has acknowledged is dealt with by {@link DatabaseHistory}.
 *
 * <p><b>Reigns.</b> One of these lives as long as one reign. Another may begin only when this one
 * has ended, flush in progress included: two flushes of one key at a time could bring back what the
 * newer one deleted.
 */
public final class WriteBack implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WriteBack.class);

  /** After how long a wish is tried again that could not be done yet. */
  private static final long WISH_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final DirtySet dirtySet;
  private final Journal journal;
  private final ReadGuard guard;
  private final Ticker ticker;
  private final Consumer<FencedException> onFenced;
  private final Quarantine quarantine;
  private final Settling settling;
  private final Outage outage;
  private final DatabaseHistory history;
  private final Aside aside;
  private final Flusher flusher;
  private final Discards discards;
  private final Wishes wishes = new Wishes();
  private final FlushRequests requests;
  private final FlushDue due;
  private final Thread thread;
  private final Sleep sleep;

  private volatile boolean stopped;

  /**
   * A write-back of one reign; {@link #start} starts it.
   *
   * @param claim the claim of its transactions
   * @param earlier the last version that an earlier leader may have given
   * @param guard asked before each flush whether this server still leads, as far as it can know:
   *     the fence would stop a flush too, but later and louder
   * @param expired tells what is flushed as a delete
   */
  public WriteBack(
      DirtySet dirtySet,
      DatabaseProgress progress,
      Journal journal,
      BackingStore store,
      Claim claim,
      Version earlier,
      ReadGuard guard,
      FlushSettings settings,
      ExpiredWrites expired,
      Ticker ticker,
      FlushListener listener,
      Consumer<FencedException> onFenced) {
    this.dirtySet = dirtySet;
    this.journal = journal;
    this.guard = guard;
    this.ticker = ticker;
    this.onFenced = onFenced;
    this.quarantine = new Quarantine(settings);
    this.discards = new Discards(dirtySet, quarantine, this::appendNow, ticker);
    this.outage = new Outage(settings, dirtySet, ticker);
    this.settling = new Settling(settings.settle());
    this.history =
        new DatabaseHistory(
            dirtySet, progress, store, claim, settings, settling, ticker, this::appendNow);
    Commits commits =
        new Commits(
            dirtySet,
            store,
            claim,
            earlier,
            history,
            settling,
            quarantine,
            expired,
            ticker,
            listener);
    this.aside = new Aside(dirtySet, store, commits, quarantine, outage, ticker);
    BatchLimit limit = new BatchLimit(settings);
    this.flusher =
        new Flusher(dirtySet, commits, aside, limit, outage, () -> stopped, this::failed);
    this.requests = new FlushRequests(ticker);
    this.due = new FlushDue(dirtySet, settings, limit);
    this.thread = Thread.ofPlatform().name("weir-write-back").daemon().unstarted(this::run);
    this.sleep = new Sleep(dirtySet.alarm(), thread);
  }

  public void start() {
    dirtySet.requeueAll();
    thread.start();
  }

  /**
   * Asks for all that is dirty now to be flushed, and waits for it.
   *
   * @return whether it was done in time; quarantined rows do not count
   * @throws InterruptedException when the caller is interrupted; the flush goes on
   */
  public boolean flushAll(Duration timeout) throws InterruptedException {
    long asked = requests.ask();
    sleep.call();
    return requests.await(asked, timeout, () -> stopped);
  }

  /**
   * How long the oldest entry has been dirty, quarantined ones included; zero when all is clean.
   */
  public Duration oldestDirtyAge() {
    // In this order: what moves from the queues into a flush, and on, is seen in one of them.
    long queued = dirtySet.oldestDirtyNanos().orElse(Long.MAX_VALUE);
    long setAside = Math.min(aside.oldestNanos(), quarantine.oldestNanos());
    long taken = Math.min(flusher.sinceNanos(), settling.oldestNanos());
    long oldest = Math.min(Math.min(queued, taken), setAside);
    return oldest == Long.MAX_VALUE
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, ticker.nanos() - oldest));
  }

  /** The rows that the database does not take, each tried alone. */
  public List<QuarantinedRow> quarantined() {
    return quarantine.rows(ticker.nanos());
  }

  /** Tries a refused row again at once. Returns false when no row of the key is refused. */
  public boolean retryNow(Key key) {
    boolean known = quarantine.retryNow(key, ticker.nanos());
    sleep.call();
    return known;
  }

  /**
   * Gives a refused version up: from then on the key is what its row is, at every member, unless it
   * was written since. Done between two flushes, so that none of them brings it back.
   *
   * @return completed when the journal has it and it is applied; failed with a {@link
   *     JournalException} when this server stops leading, or has too many to do
   */
  public CompletableFuture<DiscardOutcome> discard(Key key, Version version) {
    long now = ticker.nanos();
    return asked(wishes.askUntilDone(() -> discards.discard(key, version, now)));
  }

  /**
   * Accepts a database that went back as it is: what it answers counts again, at every member.
   *
   * @param missing how many flushes the operator was told to be missing there
   * @return as {@link #discard}
   */
  public CompletableFuture<AcceptOutcome> acceptDatabase(long missing) {
    return asked(wishes.ask(() -> history.accept(missing)));
  }

  /** Tells the journal, which has come to have room for it, how far the database has come. */
  public CompletableFuture<Boolean> restateProgress() {
    return asked(wishes.ask(history::restate));
  }

  private <T> CompletableFuture<T> asked(CompletableFuture<T> done) {
    sleep.call();
    if (stopped) {
      wishes.refuseAll(); // The thread may not come to it any more.
    }
    return done;
  }

  /** How many keys are in the database, and dirty until it has kept them for long enough. */
  public int settlingEntries() {
    return settling.entries();
  }

  /** Whether the last flush failed because the database did not take it. */
  public boolean isFailing() {
    return outage.isOn();
  }

  /** Lets no further flush begin; the one in progress runs to its end. Does not wait. */
  public void stop() {
    stopped = true;
    sleep.call();
  }

  /** Stops, and waits for the flush in progress, which the database's time-outs bound. */
  @Override
  public void close() {
    stop();
    if (!thread.isAlive() || Thread.currentThread().equals(thread)) {
      return; // Never started, or told by its own listener.
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopped) {
      boolean worked = false;
      sleep.over();
      try {
        worked = flushDue();
      } catch (RuntimeException | Error e) {
        LOG.error("write-back met an unexpected failure; it goes on", e);
      }
      if (!worked && !stopped) {
        sleep();
      }
    }
    wishes.refuseAll();
  }

  private void sleep() {
    long now = ticker.nanos();
    if (outage.isPause(now)) {
      sleep.deaf(outage.pauseNanos(now));
    } else {
      sleep.until(now, nextNanos(now));
    }
  }

  /**
   * When there is something to do if nothing else happens: at once, or at a moment that is to come.
   * Package-private so that a test can take the clock's place.
   */
  long nextNanos(long now) {
    if (!history.hasBegun()) {
      return now;
    }
    long next = due.nextNanos(now, dirtySet.waiting());
    if (wishes.any()) {
      next = Math.min(next, now + WISH_AGAIN_NANOS);
    }
    return Math.min(next, Math.min(settling.nextNanos(), aside.nextTryNanos()));
  }

  /**
   * Flushes one batch, if any is due. Package-private so that a test can take the thread's place.
   */
  boolean flushDue() {
    long now = ticker.nanos();
    Waiting waiting = dirtySet.waiting();
    long oldest = waiting.oldestNanos();
    if (!history.isMakingDirty()) {
      // Between two flushes, when no entry is out of the queues.
      long untried = Math.min(aside.oldestNanos(), quarantine.oldestUntriedNanos());
      long open = Math.min(Math.min(oldest, untried), settling.oldestNanos());
      requests.done(Math.min(now, open - 1));
    }
    wishes.work();
    if (outage.isPause(now) || (!history.hasBegun() && !begin())) {
      return false;
    }
    boolean settled = settle(now);
    boolean again = makeDirtyAgain();
    boolean worked = again || settled;
    boolean idle = waiting.isNothing() && aside.nextTryNanos() > now;
    if (idle || !leadsOn(now)) {
      return worked;
    }
    if (!waiting.isNothing() && flushBatch(now, waiting)) {
      worked = true;
    }
    return (leadsOn(now) && tryAside(now)) || worked;
  }

  private boolean leadsOn(long now) {
    return !outage.isPause(now) && !stopped && leads();
  }

  /** Flushes a batch of what is due. Returns false when nothing is. */
  private boolean flushBatch(long now, Waiting waiting) {
    flusher.begin(waiting.oldestNanos());
    try {
      due.ask(requests.askedNanos());
      List<Write> batch = due.take(now, waiting);
      if (batch.isEmpty()) {
        return false;
      }
      flusher.flush(batch, waiting.oldestNanos());
      return true;
    } finally {
      flusher.end();
    }
  }

  /** Tries some of what is set aside, so that it holds the next batch up by one try only. */
  private boolean tryAside(long now) {
    try {
      return aside.tryNext(now);
    } catch (RuntimeException | Error e) {
      failed(e);
      return true;
    }
  }

  /** Asks the database how far it has come. Returns whether that is known. */
  private boolean begin() {
    if (stopped || !leads()) {
      return false;
    }
    try {
      history.begin();
      outage.over();
    } catch (RuntimeException | Error e) {
      failed(e);
    }
    return history.hasBegun();
  }

  /** Acknowledges what the database has held for long enough. Returns whether that was tried. */
  private boolean settle(long now) {
    if (!settling.isDue(now) || stopped || !leads()) {
      return false;
    }
    try {
      history.settle();
      outage.over();
    } catch (RuntimeException | Error e) {
      failed(e);
    }
    return true;
  }

  private boolean makeDirtyAgain() {
    try {
      history.markIfItWentBack();
      return history.makeDirtyAgain();
    } catch (RuntimeException | Error e) {
      failed(e);
      return true;
    }
  }

  /** Asks the group when the lease does not tell; that may take an election timeout. */
  private boolean leads() {
    if (guard.isCurrent()) {
      return true;
    }
    try {
      guard.confirm();
      return true;
    } catch (EngineException e) {
      LOG.debug("no flush: {}", e.getMessage());
      return false;
    }
  }

  /** What was tried has failed, for no fault of a row, and is tried again if this server leads. */
  private void failed(Throwable failure) {
    switch (failure) {
      case JournalException e -> {
        // In the database, and maybe not known to be: this leader tells it again, or the next does.
        LOG.info("done at the database, and not noted in the journal: {}", e.getMessage());
        outage.over();
        outage.pause();
      }
      case FencedException e -> {
        stopped = true;
        LOG.error(
            "write-back stops, {} entries stay dirty: {}", dirtySet.dirtyEntries(), e.getMessage());
        onFenced.accept(e);
      }
      case WentBackException e -> wentBack(e);
      default -> outage.failed(failure);
    }
  }

  private void wentBack(WentBackException e) {
    try {
      history.wentBack(e);
    } catch (JournalException refused) {
      failed(refused);
    }
  }

  private void appendNow(List<Mutation> mutations) {
    try {
      journal.append(mutations).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof JournalException cause ? cause : e;
    }
  }
}
