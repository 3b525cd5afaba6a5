package io.weir.cache.engine;

import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineException.OutcomeOpen;
import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A write on its way: what it has proposed, what it was decided on, and who waits for its outcome.
 *
 * <p><b>Outcome.</b> It is told once it is applied, and so is all that it was decided on. If one of
 * those fails, so does this, with an open outcome: it may be applied, and what it was decided on
 * with it. And so the outcome is open of what another was decided on before it failed, unless
 * nothing behind it can be applied either.
 *
 * <p><b>Concurrency.</b> It ends when the last of these has ended: the thread that proposes, the
 * append, and each that it was decided on. Each of them ends once, in any order. What it proposed
 * is taken out of the gates as soon as the append has ended; so nobody can be decided on it later.
 *
 * <p><b>Ordering.</b> What was decided on others is told after them.
 */
final class Proposal implements AppendListener {

  private final WriteListener done;
  private final WriteStatistics.Counter counter;

  private static final VarHandle PENDING;

  static {
    try {
      PENDING = MethodHandles.lookup().findVarHandle(Proposal.class, "pending", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How many of those that it waits for have not ended. By its handle alone. */
  @SuppressWarnings("UnusedVariable")
  private volatile int pending = 1;

  /** With what it was proposed; null before. */
  private @Nullable LeaderJournal leader;

  private @Nullable Reservation reservation;

  /** The first of what it has proposed; null where that is nothing. */
  private @Nullable Proposed proposed;

  /** What it answers if all goes well. */
  private @Nullable Written written;

  /** Why it has failed by itself. */
  private @Nullable RuntimeException why;

  /** Why something that it was decided on has failed. */
  private volatile @Nullable RuntimeException whyOpen;

  /**
   * What was decided on this; rare, so made late. Guarded by the monitor of this. Who adds to it
   * holds the lock of a gate that has this: it is complete once this is in none.
   */
  private @Nullable List<Proposal> following;

  Proposal(WriteListener done, WriteStatistics.Counter counter) {
    this.done = done;
    this.counter = counter;
  }

  /** The leader's journal that it goes through. */
  @Nullable LeaderJournal leader() {
    return leader;
  }

  /** Notes that it is decided on another, which is in a gate whose lock is held. */
  void follow(Proposal other) {
    PENDING.getAndAdd(this, 1);
    synchronized (other) {
      List<Proposal> known = other.following;
      if (known == null) {
        known = new ArrayList<>(2);
        other.following = known;
      }
      known.add(this);
    }
  }

  /** Notes that it has failed, with nothing proposed. */
  void fail(RuntimeException failure) {
    why = failure;
  }

  /** Notes that it has stayed in memory alone, and is done. */
  void stayed(Write write, Written answer) {
    written = answer;
    counter.acknowledged(write.value());
  }

  /**
   * Appends what it proposes. With the locks of the gates held.
   *
   * @param with its journal
   * @param first of what it makes of its keys; the others stand behind it
   */
  void append(LeaderJournal with, Reservation held, Proposed first, Written answer) {
    leader = with;
    reservation = held;
    proposed = first;
    written = answer;
    PENDING.getAndAdd(this, 1);
    boolean handedOver = false;
    try {
      with.journal().append(mutations(first), this);
      handedOver = true;
    } catch (RuntimeException e) {
      why = e;
    } finally {
      if (!handedOver) {
        appendEnded();
      }
    }
  }

  private static List<Mutation> mutations(Proposed first) {
    if (first.next == null) {
      return List.of(new Mutation.Written(first.write()));
    }
    List<Mutation> mutations = new ArrayList<>();
    for (Proposed each = first; each != null; each = each.next) {
      mutations.add(new Mutation.Written(each.write()));
    }
    return mutations;
  }

  @Override
  public void applied() {
    appendEnded();
  }

  @Override
  public void failed(JournalException failure) {
    why = refusal(failure);
    appendEnded();
  }

  @Override
  public Runnable afterwards() {
    return done.bulk();
  }

  @Override
  public boolean proposesLater(Runnable proposing) {
    return done.bulk().atEndOfTurn(proposing);
  }

  private void appendEnded() {
    if (reservation != null) {
      reservation.release();
    }
    for (Proposed each = proposed; each != null; each = each.next) {
      each.end();
    }
    end(false); // The journal does, for all that have ended with it.
  }

  /** What proposes it has done its part, and holds no locks. */
  void proposed() {
    end(true);
  }

  private void end(boolean tellsBulk) {
    if ((int) PENDING.getAndAdd(this, -1) > 1) {
      return;
    }
    List<Proposal> freed = tell();
    if (tellsBulk) {
      done.bulk().told();
    }
    if (!freed.isEmpty()) {
      tellAll(new ArrayDeque<>(freed));
    }
  }

  /** One by one and not one in the other: a chain may be as long as a batch. */
  private static void tellAll(Queue<Proposal> freed) {
    for (Proposal next = freed.poll(); next != null; next = freed.poll()) {
      freed.addAll(next.tell());
      next.done.bulk().told();
    }
  }

  /** Tells the outcome. Returns those that waited for nothing else. */
  private List<Proposal> tell() {
    List<Proposal> followed = following;
    RuntimeException failure = failure(followed != null);
    try {
      tellDone(failure);
    } catch (RuntimeException e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e); // The others go on.
    }
    if (followed == null) {
      return List.of();
    }
    List<Proposal> freed = new ArrayList<>(followed.size());
    for (Proposal next : followed) {
      if (failure != null) {
        next.whyOpen = why == null ? whyOpen : why; // The first of the chain, and not all of it.
      }
      if ((int) PENDING.getAndAdd(next, -1) == 1) {
        freed.add(next);
      }
    }
    return freed;
  }

  private void tellDone(@Nullable RuntimeException failure) {
    if (failure != null) {
      done.failed(failure);
      return;
    }
    for (Proposed each = proposed; each != null; each = each.next) {
      counter.acknowledged(each.write().value());
    }
    done.written(written);
  }

  private @Nullable RuntimeException failure(boolean isFollowed) {
    RuntimeException own = why;
    if (own != null) {
      return isFollowed && own instanceof Overloaded
          ? new OutcomeOpen(
              own.getMessage() + "; but later writes were decided on it, and may be applied")
          : own;
    }
    RuntimeException others = whyOpen;
    return others == null
        ? null
        : new OutcomeOpen(
            "an earlier write that it was decided on has failed: " + others.getMessage());
  }

  private static EngineException refusal(JournalException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case JournalException.NotLeading notLeading -> new NotServing(message);
      case JournalException.QueueFull queueFull -> new Overloaded(message);
      case JournalException.OutcomeOpen open -> new OutcomeOpen(message);
      case JournalException.Refused refused -> new OutcomeOpen(message);
    };
  }
}
