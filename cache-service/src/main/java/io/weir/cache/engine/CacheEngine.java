package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.ConditionFailed;
import io.weir.cache.engine.EngineException.JournalFull;
import io.weir.cache.engine.EngineException.NotLeader;
import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineException.OutcomeOpen;
import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.engine.EngineException.TooMuchDirty;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.ReplicatedStateMachine;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A write-back cache of one shard: what the doors call, and what the journal applies to.
 *
 * <p><b>Life of a read.</b> Resident: answered from the table. Else one load a key is in flight at
 * a time; its row is installed clean unless the key was written meanwhile. Either way the guard is
 * asked afterwards whether the table was current, and if it does not know, the read is repeated
 * once the group has confirmed it.
 *
 * <p><b>Life of a write.</b> Room in the dirty budget is reserved; the key's gate gives it its
 * order; it takes its version, goes through the journal, and is applied to the table as a dirty
 * entry. Then it is acknowledged. Write-back flushes it later. See {@link Writes}.
 *
 * <p><b>Roles.</b> A leader serves reads and writes; a replica follows the journal, and serves the
 * reads that ask for one. Dirty entries outlive every change between the two.
 *
 * <p><b>Concurrency.</b> Blocking calls, made for virtual threads. Lock order: key, then stripe.
 * The journal's methods never wait, and are called by its one applying thread.
 *
 * <p><b>Failure.</b> A call that throws has changed nothing, but for {@link OutcomeOpen}.
 *
 * <p><b>Length.</b> More than 400 lines, of which few decide anything: it is the one face of the
 * engine, and hands on to the classes that do the work.
 */
public final class CacheEngine implements ReplicatedStateMachine {

  private static final Version HIGHEST = new Version(Long.MAX_VALUE);

  private final Ticker ticker;

  private final MemoryBound memory;
  private final DirtyBudget budget;
  private final Table table;
  private final ReplayedEntries replayed;
  private final StripedDirtySet dirtySet;
  private final Writes writes;
  private final MemoryOnlyWrites memoryOnlyWrites;
  private final DatabaseProgress progress = new DatabaseProgress();
  private final Expiry expiry;
  private final ForeignRows foreignRows;
  private final ReadThrough readThrough;
  private final KeyReads keyReads;
  private final Scan scan;

  private final ReadStatistics.Counter reads = new ReadStatistics.Counter();
  private final WriteStatistics.Counter written = new WriteStatistics.Counter();

  private final Standing standing;

  public CacheEngine(EngineSettings settings, BackingStore store, Clock clock, Ticker ticker) {
    this.ticker = ticker;
    this.standing = new Standing(settings.maxKeyWait());
    this.memory = new MemoryBound(settings.maxBytes(), settings.maxEntries());
    this.budget =
        new DirtyBudget(
            settings.maxDirtyBytes(),
            settings.maxDirtyEntries(),
            settings.maxQuarantinedBytes(),
            settings.maxWaitingWrites(),
            settings.maxWriteWait());
    Loads loads = new Loads();
    Backlog backlog = new Backlog(settings.lowWatermarkBytes(), settings.manyDirtyEntries());
    this.table =
        new Table(
            settings.stripes(), settings.lock(), settings.policy(), memory, budget, backlog, loads);
    this.replayed = new ReplayedEntries(table);
    KeyGates gates = new KeyGates(settings.maxKeyWait());
    this.dirtySet = new StripedDirtySet(table, budget, backlog, replayed, gates);
    this.expiry = new Expiry(clock);
    this.foreignRows = new ForeignRows(this::given);
    this.readThrough =
        new ReadThrough(settings, store, table, loads, progress, expiry, foreignRows, reads);
    this.scan = new Scan(store, dirtySet, progress, expiry, foreignRows);
    this.keyReads = new KeyReads(standing, table, replayed, readThrough, expiry);
    this.writes = new Writes(standing, table, budget, gates, keyReads, expiry, ticker, written);
    this.memoryOnlyWrites = new MemoryOnlyWrites(dirtySet, gates);
  }

  /**
   * Starts to serve reads and writes as the shard's leader. All that was acknowledged before is
   * applied.
   *
   * @param versions of this leader's writes; larger than all that are applied
   */
  public void lead(Journal journal, VersionSequence versions, ReadGuard guard) {
    replayed.keep();
    standing.become(new Permissions(new LeaderJournal(journal, versions), guard, "", "", null));
    table.dropCleanAbove(versions.last().value());
  }

  /**
   * The same, but for writes: they wait for {@link #acceptWrites}, for as long as a request waits
   * for its key, and are refused then. And but for what is clean: the database is read in place of
   * it, until the write-back knows how far that has come.
   *
   * @param why the reason that they are refused with
   */
  public void leadWithoutWrites(
      Journal journal, VersionSequence versions, ReadGuard guard, String why) {
    replayed.withhold();
    LeaderJournal leader = new LeaderJournal(journal, versions);
    standing.become(new Permissions(leader, guard, "", why, new CompletableFuture<>()));
    table.dropCleanAbove(versions.last().value());
  }

  /** The last version that the shard has given, as far as this server can tell. */
  private Version given() {
    LeaderJournal leader = standing.now().leader();
    return leader == null ? HIGHEST : leader.versions().last();
  }

  /** Starts to serve, as a replica, the reads that ask for one, and nothing else. */
  public void follow(ReadGuard guard) {
    replayed.keep();
    standing.become(new Permissions(null, guard, "", "", null));
  }

  /** Lets writes that ask for no journal stay in memory alone, or sends all through the journal. */
  public void allowMemory(boolean allowed) {
    table.allowMemory(allowed);
  }

  /** Goes on reading, and refuses writes from here on; see {@link #awaitWrites}. */
  public void refuseWrites(String why) {
    Permissions now = standing.now();
    standing.become(new Permissions(now.leader(), now.guard(), now.whyNot(), why, null));
  }

  /**
   * Refuses writes since the journal's disk has no room for more, or takes them again.
   *
   * @param why the reason that they are refused with; empty to take them
   */
  public void journalIsFull(String why) {
    standing.journalIsFull(why);
  }

  /** Whether writes are refused since the journal's disk has no room for more. */
  public boolean isJournalFull() {
    return standing.isJournalFull();
  }

  /** Takes writes again, where {@link #refuseWrites} had ended that. */
  public void acceptWrites() {
    Permissions now = standing.now();
    standing.become(new Permissions(now.leader(), now.guard(), now.whyNot(), now.whyNot(), null));
  }

  /**
   * Waits for the writes that had passed when writes came to be refused: until then a flush of all
   * that is dirty may miss one.
   *
   * @return false when some took longer
   */
  public boolean awaitWrites(Duration timeout) throws InterruptedException {
    long deadline = ticker.nanos() + timeout.toNanos();
    while (!writes.isIdle()) {
      if (ticker.nanos() >= deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return true;
  }

  /**
   * Brings what is in memory alone into the journal. To be called when none is added any more:
   * memory is not allowed, or writes are refused. A write that is still under way keeps its own key
   * out, and no other.
   *
   * @return false when this server does not lead, the journal does not take it, or a key's other
   *     writes take too long
   */
  public boolean journalWhatIsInMemory() {
    LeaderJournal leader = standing.now().leader();
    return leader != null && memoryOnlyWrites.bringTo(leader.journal());
  }

  /** Serves nothing from here on. */
  public void stepDown(String why) {
    standing.become(Permissions.none(why));
  }

  /** Whether it leads, and takes writes. */
  public boolean isLeading() {
    Permissions now = standing.now();
    return now.leader() != null && now.whyNoWrites().isEmpty();
  }

  /** Whether it answers reads, be it as a replica. */
  public boolean isServing() {
    return standing.now().guard() != null;
  }

  /**
   * Reads a key, from the database when it is not resident.
   *
   * @param reload whether to ask the database although the key is resident and clean
   * @param asked which reads a replica may answer: {@code linearizable} ones, {@code eventual}
   *     ones, or, with null, none
   * @throws NotLeader when this server is a replica and the read did not ask for one
   * @throws NotServing when this server serves no reads, or its group does not confirm in time
   * @throws Overloaded when too many reads of the database wait already
   * @throws io.weir.cache.store.StoreUnavailableException when the database does not answer
   */
  public Read read(Key key, boolean reload, @Nullable Consistency asked) {
    return keyReads.read(key, reload, asked);
  }

  /**
   * Reads the next entries of a range of slots, as the leader has them: each with the value that it
   * had at some moment of this call, be it in the database yet or not. Nothing becomes resident by
   * it.
   *
   * @throws NotLeader when this server is a replica
   * @throws NotServing when this server serves no reads, or its group does not confirm in time
   * @throws io.weir.cache.store.StoreUnavailableException when the database does not answer
   */
  public ScanPage scan(ScanRequest request) {
    Permissions now = standing.now();
    ReadGuard guard = now.serving();
    if (now.leader() == null) {
      throw new NotLeader();
    }
    ScanPage page = scan.page(request);
    if (guard.isCurrent()) {
      return page;
    }
    guard.confirm();
    return scan.page(request);
  }

  /**
   * Puts or deletes a key.
   *
   * @param value null to delete
   * @param durability what to reach at least: a write that asks for memory goes through the journal
   *     all the same when memory is not allowed, or an earlier write of the key is in the journal
   *     and not yet in the database
   * @return the version of the write, and what it survives; it is acknowledged
   * @throws ConditionFailed when the condition does not hold
   * @throws TooMuchDirty when the dirty budget is used up
   * @throws JournalFull when the journal's disk has no room for more
   * @throws NotLeader when this server is a replica
   * @throws NotServing when this server serves nothing, or is stopping
   * @throws Overloaded when the key's other writes take too long, or the journal's queue is full
   * @throws OutcomeOpen when the leadership ended before the write was known to be durable
   * @throws io.weir.cache.store.StoreUnavailableException when a condition needs the database and
   *     it does not answer
   */
  public Written write(Key key, @Nullable Value value, Condition condition, Durability durability) {
    Awaited outcome = new Awaited();
    if (!condition.needsCurrent()) {
      boolean _ = writes.write(new Edit(key, value), durability, outcome, true);
      return Objects.requireNonNull(outcome.outcome());
    }
    Conditional update = new Conditional(key, value, condition);
    boolean _ = writes.update(List.of(key), update, durability, outcome, true);
    Written done = outcome.outcome();
    if (done == null) {
      throw new ConditionFailed(update.seen());
    }
    return done;
  }

  /**
   * Refuses what {@link #write} would refuse of a put whatever its value is. To be called before
   * that is fetched from afar.
   *
   * @throws TooMuchDirty when there is no room for the smallest value
   * @throws NotLeader when this server is a replica
   * @throws NotServing when this server serves nothing, or is stopping
   */
  public void requireRoom(Key key) {
    writes.requireRoom(key);
  }

  /**
   * The keys that were used last, hottest first.
   *
   * @param most of them
   * @param maxBytes of all these keys
   */
  public List<Key> hotKeys(int most, long maxBytes) {
    return HotKeys.of(table, most, maxBytes);
  }

  /**
   * Whether what is loaded now is kept: it answers reads, and does not await the database's word on
   * what it holds clean.
   */
  public boolean mayLoadAhead() {
    return isServing() && !replayed.isWithheld();
  }

  /**
   * Loads those of the next keys that are not resident, though nobody has asked for them here: as
   * many as one statement reads, behind all that is asked for.
   *
   * @param maxBytes of resident ones, beyond which it looks no further
   * @throws Overloaded when clients' reads leave it no turn
   * @throws io.weir.cache.store.StoreException when the database does not answer as it must
   */
  public Ahead loadAhead(Iterator<Key> keys, long maxBytes) throws InterruptedException {
    return readThrough.loadAhead(keys, maxBytes);
  }

  /** Counts those keys as used that are resident, in this order. */
  public void touch(List<Key> keys) {
    keys.forEach(table::use);
  }

  /** Applies a mutation of the journal to the table. */
  @Override
  public void apply(Mutation mutation) {
    switch (mutation) {
      case Mutation.Written(Write write) -> table.apply(write, ticker.nanos());
      case Mutation.Flushed(Key key, Version version) -> table.flushed(key, version.value());
      case Mutation.Discarded(Key key, Version version) -> table.discard(key, version.value());
      case Mutation.FlushAcknowledged(long number) -> progress.acknowledged(number);
      case Mutation.DatabaseState state -> become(state);
      case Mutation.DatabaseAccepted(long missing) -> accepted(missing);
    }
  }

  /** What is loaded just now is of the database as it was, and may be answered, not installed. */
  private void become(Mutation.DatabaseState state) {
    progress.become(state);
    if (state.missing() > 0) {
      table.detachLoads();
    }
  }

  /**
   * What this server holds clean may be newer than its row by now, where the leader did not have it
   * in its memory. All members are to answer the same, so it goes, and before rows count again.
   */
  private void accepted(long missing) {
    if (progress.isAcceptable(missing)) {
      dropClean();
      progress.accepted();
    }
  }

  @Override
  public Iterable<Mutation> snapshot() {
    Mutation how = progress.asMutation();
    Iterable<Mutation> dirty = dirtySet.snapshot();
    return () ->
        Stream.concat(Stream.of(how), StreamSupport.stream(dirty.spliterator(), false)).iterator();
  }

  @Override
  public void install(Iterator<Mutation> state) {
    List<Write> dirty = new ArrayList<>();
    state.forEachRemaining(mutation -> {
      switch (mutation) {
        case Mutation.Written(Write write) -> dirty.add(write);
        case Mutation.FlushAcknowledged acknowledged -> progress.install(acknowledged);
        default -> apply(mutation);
      }
    });
    table.replaceAll(dirty, ticker.nanos());
  }

  @Override
  public void dropClean() {
    table.dropClean();
  }

  /** How far the database has come, by the journal. */
  public DatabaseProgress progress() {
    return progress;
  }

  KeyReads reads() {
    return keyReads;
  }

  Writes writes() {
    return writes;
  }

  /** What the write-back works on. */
  public DirtySet dirtySet() {
    return dirtySet;
  }

  /** Misses that wait for their turn, for a test to see. */
  int waitingLoads() {
    return readThrough.waiting();
  }

  /** Package-private so that a test can look at single entries. */
  Table table() {
    return table;
  }

  /** Counters and gauges, each exact, not all of one moment. */
  public EngineStatistics statistics() {
    return new EngineStatistics(
        reads.now(table.hits(), foreignRows),
        written.now(),
        memory.statistics(),
        table.dirty().now(budget));
  }
}
