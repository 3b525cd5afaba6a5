package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.engine.EngineException.TooLarge;
import io.weir.cache.engine.EngineException.TooMuchDirty;
import io.weir.cache.journal.Journal;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of a write: admission, the gates of its keys, its decision, its versions, and the journal
 * or the memory alone. Nobody waits here for the journal: the {@link Proposal} goes on from there.
 *
 * <p><b>Decisions.</b> An update is decided on what is proposed of its keys, where something is:
 * the last of it is what the key will hold just before the update is applied. Else on what the
 * table holds, if the lease says that this is current. Else it passes alone, and reads.
 *
 * <p><b>Invariant.</b> Between the look at a key and the place in the journal nobody proposes
 * anything of it: both are under the lock of its gate, or the gate was passed alone. What an update
 * is decided on was proposed in the reign in which it is proposed itself.
 *
 * <p><b>Concurrency.</b> A call that may not wait holds locks for no longer than another holds
 * them, and nobody holds one while he waits. A write holds its keys' gates until its outcome is
 * known.
 */
final class Writes {

  /** How often an update is decided anew since it needs more room than it waited for. */
  private static final int MOST_TRIES = 8;

  private final Standing standing;
  private final Table table;
  private final Admission admission;
  private final KeyGates gates;
  private final KeyReads reads;
  private final Expiry expiry;
  private final Ticker ticker;
  private final WriteStatistics.Counter counter;

  Writes(
      Standing standing,
      Table table,
      DirtyBudget budget,
      KeyGates gates,
      KeyReads reads,
      Expiry expiry,
      Ticker ticker,
      WriteStatistics.Counter counter) {
    this.standing = standing;
    this.table = table;
    this.admission = new Admission(table, budget, counter);
    this.gates = gates;
    this.reads = reads;
    this.expiry = expiry;
    this.ticker = ticker;
    this.counter = counter;
  }

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
    standing.awaitOpening();
    var _ = standing.writing();
    admission.reserve(new Edit(key, null)).release();
  }

  /**
   * Writes whatever the key holds.
   *
   * @param mayWait whether to wait for room and for the turn; for virtual threads alone
   * @return false when it would have to wait, and may not
   */
  boolean write(Edit edit, Durability durability, WriteListener done, boolean mayWait) {
    return start(
        new Proposal(done, counter),
        mayWait,
        proposal -> proposeBlindly(edit, durability, proposal, mayWait));
  }

  /** Writes what an update decides on; as {@link #write}. */
  boolean update(
      List<Key> keys, Update update, Durability durability, WriteListener done, boolean mayWait) {
    return start(
        new Proposal(done, counter),
        mayWait,
        proposal ->
            update.needsCurrent()
                ? proposeDecided(keys, update, durability, proposal, mayWait)
                : proposeBlindly(checked(update.decide(List.of())), durability, proposal, mayWait));
  }

  /** What proposes something, or returns false where it would have to wait. */
  private interface Proposer {
    boolean propose(Proposal proposal);
  }

  private boolean start(Proposal proposal, boolean mayWait, Proposer proposer) {
    try {
      if (mayWait) {
        standing.awaitOpening();
      } else if (standing.isOpening()) {
        return false;
      }
      var _ = standing.writing();
      if (!proposer.propose(proposal)) {
        return false;
      }
    } catch (RuntimeException e) {
      proposal.fail(e);
    }
    proposal.proposed();
    return true;
  }

  private boolean proposeBlindly(
      List<Edit> edits, Durability durability, Proposal proposal, boolean mayWait) {
    if (edits.isEmpty()) {
      return true;
    }
    Reservation held = mayWait ? admission.reserve(edits) : admission.tryReserve(edits);
    return held != null
        && place(
            Turn.of(gates, edits.stream().map(Edit::key).toList()),
            held,
            mayWait,
            (leader, turn) -> propose(leader, turn, edits, durability, held, proposal));
  }

  /** The same for one key, as most writes are: nothing is made for it but what stays. */
  private boolean proposeBlindly(
      Edit edit, Durability durability, Proposal proposal, boolean mayWait) {
    Reservation held = mayWait ? admission.reserve(edit) : admission.tryReserve(edit);
    return held != null
        && place(
            Turn.of(gates, edit.key()),
            held,
            mayWait,
            (leader, turn) -> proposeOne(leader, turn, edit, durability, held, proposal));
  }

  /** What proposes at its place, with the locks of the gates held; the reservation is its own. */
  private interface Placed {
    void propose(LeaderJournal leader, Turn turn);
  }

  /** Passes the gates, and proposes; or returns false where it would have to wait. */
  private boolean place(Turn turn, Reservation held, boolean mayWait, Placed placed) {
    boolean proposes = false;
    try {
      // Once more: refused since, or seen by whoever waits for the gates.
      var _ = standing.writing();
      if (!passes(turn, mayWait)) {
        return false;
      }
      // Who leads by now: while this waited, the key may have been written in a later reign.
      LeaderJournal leader = standing.writing();
      placed.propose(leader, turn);
      proposes = true;
      return true;
    } finally {
      turn.end();
      if (!proposes) {
        held.release();
      }
    }
  }

  private static boolean passes(Turn turn, boolean mayWait) {
    if (mayWait) {
      turn.pass();
      return true;
    }
    return turn.tryPass();
  }

  private boolean proposeDecided(
      List<Key> keys, Update update, Durability durability, Proposal proposal, boolean mayWait) {
    Reservation held = null;
    try {
      for (int tries = 0; tries < MOST_TRIES; tries++) {
        List<Edit> edits;
        Turn turn = Turn.of(gates, keys);
        try {
          var _ = standing.writing(); // As above.
          Basis basis = basis(turn, keys, mayWait);
          if (basis == null) {
            return false;
          }
          edits = decide(update, basis, proposal);
          held = enough(held, edits);
          if (held != null) {
            basis.followed.forEach(proposal::follow);
            if (!edits.isEmpty()) {
              propose(basis.leader, turn, edits, durability, held, proposal);
              held = null;
            }
            return true;
          }
        } finally {
          turn.end();
        }
        if (!mayWait) {
          return false;
        }
        held = admission.reserve(edits);
      }
      throw new Overloaded("other writes of the key make it ever larger");
    } finally {
      if (held != null) {
        held.release();
      }
    }
  }

  /** What it has thrown is told as late as what it has decided on would be. */
  private static List<Edit> decide(Update update, Basis basis, Proposal proposal) {
    try {
      return checked(update.decide(basis.current));
    } catch (RuntimeException e) {
      basis.followed.forEach(proposal::follow);
      throw e;
    }
  }

  /** The last edit of each key, if the journal takes them together. */
  private static List<Edit> checked(List<Edit> edits) {
    long bytes = 0;
    for (Edit edit : edits) {
      bytes += edit.key().length() + (edit.value() == null ? 0 : edit.value().bytes().length);
    }
    if (bytes > Journal.MAX_APPEND_BYTES) {
      throw new TooLarge(bytes, Journal.MAX_APPEND_BYTES);
    }
    if (edits.size() < 2) {
      return edits;
    }
    LinkedHashMap<Key, Edit> last = LinkedHashMap.newLinkedHashMap(edits.size());
    edits.forEach(edit -> last.putLast(edit.key(), edit));
    return List.copyOf(last.values());
  }

  /** What is held if that is enough; else it is given back, and what can be had at once. */
  private @Nullable Reservation enough(@Nullable Reservation held, List<Edit> edits) {
    if (held != null) {
      if (held.isEnoughFor(Admission.weightOf(edits), edits.size())) {
        return held;
      }
      held.release();
    }
    return admission.tryReserve(edits);
  }

  /**
   * What an update is decided on.
   *
   * @param leader in whose reign it was looked at, and is to be proposed
   * @param followed what of it is proposed, and has no outcome
   */
  private record Basis(LeaderJournal leader, List<Versioned> current, List<Proposal> followed) {}

  /** Looks at the keys, and then holds the locks; null where it would have to wait. */
  private @Nullable Basis basis(Turn turn, List<Key> keys, boolean mayWait) {
    if (!passes(turn, mayWait)) {
      return null;
    }
    Basis known = knownBasis(turn, keys);
    if (known != null || !mayWait) {
      return known;
    }
    turn.unlock();
    turn.back();
    turn.passAlone();
    // Before the read: in a later reign somebody else may have written the key in between.
    LeaderJournal leader = standing.writing();
    List<Versioned> current = new ArrayList<>(keys.size());
    for (Key key : keys) {
      current.add(reads.read(key, false, Consistency.LINEARIZABLE).what());
    }
    turn.lock();
    return new Basis(leader, current, List.of());
  }

  /** The same where it is known without waiting, and nothing of another reign is on its way. */
  private @Nullable Basis knownBasis(Turn turn, List<Key> keys) {
    LeaderJournal leader = standing.writing();
    List<Versioned> current = new ArrayList<>(keys.size());
    List<Proposal> followed = new ArrayList<>(keys.size());
    for (Key key : keys) {
      Proposed newest = turn.gate(key).newest();
      if (newest == null) {
        Read resident = reads.tryRead(key, Consistency.LINEARIZABLE);
        if (resident == null) {
          return null;
        }
        current.add(resident.what());
      } else if (leader.equals(newest.by().leader())) {
        current.add(expiry.now(newest.what()));
        followed.add(newest.by());
      } else {
        return null;
      }
    }
    return new Basis(leader, current, followed);
  }

  /**
   * Takes the versions, and the place in the journal or in memory alone. With the locks of the
   * gates held.
   */
  private void propose(
      LeaderJournal leader,
      Turn turn,
      List<Edit> edits,
      Durability durability,
      Reservation held,
      Proposal proposal) {
    if (edits.size() == 1) {
      proposeOne(leader, turn, edits.getFirst(), durability, held, proposal);
      return;
    }
    List<Write> writes = new ArrayList<>(edits.size());
    for (Edit edit : edits) {
      writes.add(write(leader, turn, edit));
    }
    Proposed first = turn.propose(proposal, writes.getFirst());
    Proposed last = first;
    for (Write write : writes.subList(1, writes.size())) {
      Proposed next = turn.propose(proposal, write);
      last.next = next;
      last = next;
    }
    append(leader, held, first, last, proposal);
  }

  private void proposeOne(
      LeaderJournal leader,
      Turn turn,
      Edit edit,
      Durability durability,
      Reservation held,
      Proposal proposal) {
    Write write = write(leader, turn, edit);
    if (durability == Durability.MEMORY && turn.isOnlyOfOneKey()) {
      held.holdEntry(Weights.ofDirty(write.key(), write.value()));
      if (table.applyToMemory(write, ticker.nanos())) {
        proposal.stayed(write, new Written(write.version(), Durability.MEMORY));
        return;
      }
    }
    Proposed only = turn.propose(proposal, write);
    append(leader, held, only, only, proposal);
  }

  private static Write write(LeaderJournal leader, Turn turn, Edit edit) {
    turn.require(edit.key());
    return new Write(edit.key(), leader.versions().next(), edit.value());
  }

  private static void append(
      LeaderJournal leader, Reservation held, Proposed first, Proposed last, Proposal proposal) {
    Written answer = new Written(last.write().version(), Durability.JOURNAL);
    proposal.append(leader, held, first, answer);
  }
}
