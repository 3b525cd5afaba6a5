package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.ConditionFailed;
import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.engine.EngineException.TooMuchDirty;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.StateMachine;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A write-back cache of one shard: what the doors call.
 *
 * <p><b>Life of a read.</b> Resident: answered from the table. Else one load a key is in flight at
 * a time; its row is installed clean unless the key was written meanwhile.
 *
 * <p><b>Life of a write.</b> Room in the dirty budget is reserved; the key's gate gives it its
 * order; it takes its version, goes through the journal, and is applied to the table as a dirty
 * entry. Then it is acknowledged. Write-back flushes it later.
 *
 * <p><b>Concurrency.</b> Blocking calls, made for virtual threads; {@link #lookup} alone never
 * waits for I/O and may be called from an event loop. Lock order: key, then stripe.
 *
 * <p><b>Failure.</b> A call that throws has changed nothing, save when its journal failed: then the
 * outcome is open.
 */
public final class CacheEngine implements StateMachine {

  private final Ticker ticker;

  private final MemoryBound memory;
  private final DirtyBudget budget;
  private final Table table;
  private final KeyGates gates;
  private final Expiry expiry;
  private final ReadThrough readThrough;

  private final LongAdder hits = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder shed = new LongAdder();

  private volatile Service service =
      new Service(null, "the server has not taken its shard yet", "");

  /** What the engine may do now. One immutable snapshot behind one field. */
  private record Service(@Nullable Leading leading, String whyNoReads, String whyNoWrites) {}

  /** What a leader writes with. */
  private record Leading(Journal journal, VersionSequence versions) {}

  public CacheEngine(EngineSettings settings, BackingStore store, Clock clock, Ticker ticker) {
    this.ticker = ticker;
    this.memory = new MemoryBound(settings.maxBytes(), settings.maxEntries());
    this.budget =
        new DirtyBudget(
            settings.maxDirtyBytes(),
            settings.maxDirtyEntries(),
            settings.maxQuarantinedBytes(),
            settings.maxWaitingWrites(),
            settings.maxWriteWait());
    Loads loads = new Loads();
    this.table = new Table(settings.stripes(), memory, budget, loads);
    this.expiry = new Expiry(clock);
    this.readThrough = new ReadThrough(settings, store, table, loads, expiry);
    this.gates = new KeyGates(settings.maxKeyWait());
  }

  /**
   * Starts to serve reads and writes as the shard's leader.
   *
   * @param start the version before the first write of this leader
   */
  public void lead(Journal journal, Version start) {
    service = new Service(new Leading(journal, new VersionSequence(start)), "", "");
  }

  /** Goes on reading, and refuses writes from here on; see {@link #awaitWrites}. */
  public void refuseWrites(String why) {
    service = new Service(service.leading(), service.whyNoReads(), why);
  }

  /**
   * Waits for the writes that had passed when writes came to be refused: until then a flush of all
   * that is dirty may miss one.
   *
   * @return false when some took longer
   */
  public boolean awaitWrites(Duration timeout) throws InterruptedException {
    long deadline = ticker.nanos() + timeout.toNanos();
    while (!gates.isIdle()) {
      if (ticker.nanos() >= deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return true;
  }

  /** Serves nothing from here on. */
  public void stepDown(String why) {
    service = new Service(null, why, why);
  }

  /** Whether reads and writes are served. */
  public boolean isServing() {
    return service.leading() != null && service.whyNoWrites().isEmpty();
  }

  /** The best durability that a write can have. */
  public Durability durability() {
    return leading().journal().durability();
  }

  /**
   * Answers a read from memory.
   *
   * @return null when the key is not resident
   * @throws NotServing when this server does not lead its shard
   */
  public @Nullable Read lookup(Key key) {
    leading();
    Versioned resident = table.read(key);
    if (resident == null) {
      return null;
    }
    hits.increment();
    return new Read(expiry.now(resident), true, true);
  }

  /**
   * Reads a key, from the database when it is not resident.
   *
   * @param reload whether to ask the database although the key is resident and clean
   * @throws NotServing when this server does not lead its shard
   * @throws Overloaded when too many reads of the database wait already
   * @throws io.weir.cache.store.StoreUnavailableException when the database does not answer
   */
  public Read read(Key key, boolean reload) {
    if (reload) {
      leading();
      table.drop(key);
    } else {
      Read hit = lookup(key);
      if (hit != null) {
        return hit;
      }
    }
    Read read = readThrough.load(key);
    if (read.hit()) {
      hits.increment();
    }
    return read;
  }

  /**
   * Puts or deletes a key.
   *
   * @param value null to delete
   * @return the version of the write; it is acknowledged
   * @throws ConditionFailed when the condition does not hold
   * @throws TooMuchDirty when the dirty budget is used up
   * @throws NotServing when this server does not lead its shard, or is stopping
   * @throws Overloaded when the key's other writes take too long
   * @throws io.weir.cache.store.StoreUnavailableException when a condition needs the database and
   *     it does not answer
   */
  public Version write(Key key, @Nullable Value value, Condition condition) {
    writing();
    Reservation reservation = reserve(key, value);
    KeyGates.Gate gate = gates.enter(key);
    try {
      // Once more: refused since, or seen by whoever waits for the gates.
      Leading leading = writing();
      Version version =
          condition.needsCurrent()
              ? writeConditional(leading, gate, key, value, condition, reservation)
              : writeBlind(leading, gate, key, value, reservation);
      (value == null ? deletes : puts).increment();
      return version;
    } finally {
      gates.leave(gate);
      reservation.releaseUnlessUsed();
    }
  }

  /** Applies a mutation of the journal to the table. */
  @Override
  public void apply(Mutation mutation) {
    switch (mutation) {
      case Mutation.Written(Write write) ->
          table.apply(write, Weights.ofDirty(write.key(), write.value()), ticker.nanos());
      case Mutation.Flushed(Key key, Version version) -> table.flushed(key, version.value());
    }
  }

  /** What the write-back works on. */
  public DirtySet dirtySet() {
    return table;
  }

  /** Counters and gauges, each exact, not all of one moment. */
  public EngineStatistics statistics() {
    TableStatistics counted = table.statistics();
    return new EngineStatistics(
        hits.sum(),
        readThrough.misses.sum(),
        readThrough.found.sum(),
        readThrough.absent.sum(),
        readThrough.failed.sum(),
        puts.sum(),
        deletes.sum(),
        counted.evictions.sum(),
        counted.coalesced.sum(),
        shed.sum(),
        memory.entries(),
        memory.bytes(),
        memory.maxBytes(),
        counted.dirtyEntries.get(),
        budget.dirtyBytes(),
        budget.maxBytes(),
        counted.quarantined.get(),
        budget.quarantinedBytes());
  }

  private Version writeBlind(
      Leading leading,
      KeyGates.Gate gate,
      Key key,
      @Nullable Value value,
      Reservation reservation) {
    Proposal proposal;
    gate.lockForProposal();
    try {
      proposal = propose(leading, key, value, reservation);
    } catch (RuntimeException | Error e) {
      gate.proposalEnded();
      throw e;
    } finally {
      gate.unlock();
    }
    try {
      return proposal.await();
    } finally {
      gate.proposalEnded();
    }
  }

  private Version writeConditional(
      Leading leading,
      KeyGates.Gate gate,
      Key key,
      @Nullable Value value,
      Condition condition,
      Reservation reservation) {
    gate.beginExclusive();
    try {
      Versioned current = read(key, false).what();
      if (!condition.holds(current)) {
        throw new ConditionFailed(current);
      }
      return propose(leading, key, value, reservation).await();
    } finally {
      gate.endExclusive();
    }
  }

  /** Takes the write's version and its place in the journal. Under the key's gate. */
  private static Proposal propose(
      Leading leading, Key key, @Nullable Value value, Reservation reservation) {
    Version version = leading.versions().next();
    Write write = new Write(key, version, value);
    Proposal proposal =
        new Proposal(version, leading.journal().append(List.of(new Mutation.Written(write))));
    reservation.used = true;
    return proposal;
  }

  /** A write that is on its way through the journal. */
  private record Proposal(Version version, CompletableFuture<@Nullable Void> applied) {

    Version await() {
      Outcome.of(applied);
      return version;
    }
  }

  private Reservation reserve(Key key, @Nullable Value value) {
    int bytes = Weights.ofDirty(key, value);
    try {
      budget.reserve(bytes);
    } catch (TooMuchDirty e) {
      shed.increment();
      throw e;
    }
    return new Reservation(bytes);
  }

  /** Bytes of the dirty budget that a write holds until it is proposed. One thread's own. */
  private final class Reservation {
    private final long bytes;
    private boolean used;

    Reservation(long bytes) {
      this.bytes = bytes;
    }

    void releaseUnlessUsed() {
      if (!used) {
        budget.release(bytes);
      }
    }
  }

  private Leading writing() {
    Service now = service;
    if (!now.whyNoWrites().isEmpty()) {
      throw new NotServing(now.whyNoWrites());
    }
    return leading(now);
  }

  private Leading leading() {
    return leading(service);
  }

  private static Leading leading(Service now) {
    Leading leading = now.leading();
    if (leading == null) {
      throw new NotServing(now.whyNoReads());
    }
    return leading;
  }
}
