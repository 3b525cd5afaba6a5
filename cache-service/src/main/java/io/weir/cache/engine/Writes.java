package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.ConditionFailed;
import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineException.OutcomeOpen;
import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.engine.EngineException.TooMuchDirty;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of a write: admission, the key's gate, its version, and the journal or the memory alone.
 *
 * <p><b>Concurrency.</b> No lock is held while the journal works. A write holds its key's gate
 * until its outcome is known, so that a conditional write decides on what is applied.
 */
final class Writes {

  private final Table table;
  private final DirtyBudget budget;
  private final KeyGates gates;
  private final Ticker ticker;
  private final WriteStatistics.Counter counter;

  Writes(
      Table table,
      DirtyBudget budget,
      KeyGates gates,
      Ticker ticker,
      WriteStatistics.Counter counter) {
    this.table = table;
    this.budget = budget;
    this.gates = gates;
    this.ticker = ticker;
    this.counter = counter;
  }

  /** What is asked for; see {@link CacheEngine#write}. */
  record Request(Key key, @Nullable Value value, Condition condition, Durability durability) {}

  /** Whether no key is being written. */
  boolean isIdle() {
    return gates.isIdle();
  }

  /**
   * Waits until there is room for a small write of a key, which may be gone again then.
   *
   * @throws TooMuchDirty when there is none in time
   */
  void requireRoom(Key key) {
    reserve(new Request(key, null, Condition.NONE, Durability.MEMORY)).release();
  }

  /**
   * Writes.
   *
   * @param leader what to write with; throws when this server may not
   * @param current what a key holds, linearizably
   */
  Written write(Supplier<LeaderJournal> leader, Function<Key, Versioned> current, Request request) {
    var _ = leader.get();
    Reservation reservation = reserve(request);
    KeyGates.Gate gate = gates.enter(request.key());
    try {
      // Once more: refused since, or seen by whoever waits for the gates.
      var _ = leader.get();
      return request.condition().needsCurrent()
          ? writeConditional(leader, gate, current, request, reservation)
          : writeBlind(leader, gate, request, reservation);
    } finally {
      gates.leave(gate);
      reservation.releaseUnlessUsed();
    }
  }

  private Written writeBlind(
      Supplier<LeaderJournal> leader,
      KeyGates.Gate gate,
      Request request,
      Reservation reservation) {
    Proposal proposal;
    gate.lockForProposal();
    try {
      // Who leads by now: while this waited, the key may have been written in a later reign.
      proposal = propose(leader.get(), request, reservation, gate.isOnlyProposal());
      if (proposal.applied() == null) {
        gate.proposalEnded();
        return proposal.written();
      }
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

  private Written writeConditional(
      Supplier<LeaderJournal> leader,
      KeyGates.Gate gate,
      Function<Key, Versioned> current,
      Request request,
      Reservation reservation) {
    gate.beginExclusive();
    try {
      // Before the read: in a later reign somebody else may have written the key in between.
      LeaderJournal with = leader.get();
      Versioned now = current.apply(request.key());
      if (!request.condition().holds(now)) {
        throw new ConditionFailed(now);
      }
      return propose(with, request, reservation, true).await();
    } finally {
      gate.endExclusive();
    }
  }

  /**
   * Takes the write's version and its place in the journal, or in memory alone. Under the key's
   * gate.
   *
   * @param alone whether no other write of the key is on its way through the journal
   */
  private Proposal propose(
      LeaderJournal leader, Request request, Reservation reservation, boolean alone) {
    Version version = leader.versions().next();
    Write write = new Write(request.key(), version, request.value());
    if (request.durability() == Durability.MEMORY && alone) {
      reservation.complete();
      if (table.applyToMemory(write, ticker.nanos())) {
        reservation.used = true;
        return new Proposal(new Written(version, Durability.MEMORY), null);
      }
    }
    CompletableFuture<@Nullable Void> applied =
        leader
            .journal()
            .append(List.of(new Mutation.Written(write)))
            .whenComplete((nothing, failure) -> reservation.release());
    reservation.used = true;
    return new Proposal(new Written(version, Durability.JOURNAL), applied);
  }

  /**
   * A write that is on its way.
   *
   * @param applied null when it is done already
   */
  private record Proposal(Written written, @Nullable CompletableFuture<@Nullable Void> applied) {

    Written await() {
      if (applied == null) {
        return written;
      }
      try {
        Outcome.of(applied);
        return written;
      } catch (JournalException e) {
        throw refused(e);
      }
    }
  }

  private static EngineException refused(JournalException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case JournalException.NotLeading notLeading -> new NotServing(message);
      case JournalException.QueueFull queueFull -> new Overloaded(message);
      case JournalException.OutcomeOpen open -> new OutcomeOpen(message);
      case JournalException.Refused refused -> new OutcomeOpen(message);
    };
  }

  /**
   * Reserves what the entry will retain. Where there is no room for that, a write of a dirty key
   * needs only what it adds to the entry that it replaces: one that adds nothing passes, however
   * much is dirty.
   */
  private Reservation reserve(Request request) {
    int bytes = Weights.ofDirty(request.key(), request.value());
    if (budget.tryReserve(bytes, 1)) {
      return new Reservation(bytes, bytes, 1);
    }
    long replaced = table.replaceableBytes(request.key());
    long added = Math.max(0, bytes - replaced);
    int entries = replaced == 0 ? 1 : 0;
    try {
      budget.reserve(added, entries);
    } catch (TooMuchDirty e) {
      counter.shed();
      throw e;
    }
    return new Reservation(bytes, added, entries);
  }

  /**
   * What a write holds of the dirty budget until its outcome is known. One thread's own, and then
   * that of the journal's answer.
   */
  private final class Reservation {
    private final int weight;
    private long bytes;
    private int entries;

    /** Whether the journal's answer, or the entry, gives it back. */
    private boolean used;

    /**
     * @param weight of the entry
     * @param bytes that are held for it; fewer where it replaces a dirty one
     */
    Reservation(int weight, long bytes, int entries) {
      this.weight = weight;
      this.bytes = bytes;
      this.entries = entries;
    }

    /** Holds all that the entry will, from here on, whether there is room or not. */
    void complete() {
      if (bytes < weight || entries == 0) {
        budget.charge(weight - bytes, 1 - entries);
        bytes = weight;
        entries = 1;
      }
    }

    void release() {
      budget.release(bytes, entries);
    }

    void releaseUnlessUsed() {
      if (!used) {
        release();
      }
    }
  }
}
