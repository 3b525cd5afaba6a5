package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.Reign;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Many callers' appends in few entries of the log: while some entries are in flight, appends gather
 * in a queue, and the next entry takes all of them that it may.
 *
 * <p><b>Ordering.</b> Appends reach the log in the order of the calls.
 *
 * <p><b>Concurrency.</b> Lock-free: whoever finds nobody draining the queue drains it, one at a
 * time, be it an appending thread or the one that applies. Nobody waits. What is in the queue is
 * proposed by one of three: who appends it, at once; the thread whose turn brought it, as that
 * ends; or, where neither may put a further entry in flight, the thread that ends one. That one
 * leaves it to a turn that has not ended: it takes its batch out of those in flight before it asks
 * for {@link #turnEnds}, and a turn that ends says so before it looks at what is in flight, so one
 * of the two sees the other.
 *
 * <p><b>Failure.</b> Whatever is thrown as the queue is drained ends the member, and the drain goes
 * on, so that nobody waits for what was in the queue. A batch whose end JRaft does not tell is
 * found by {@link #lost}.
 *
 * <p><b>Memory.</b> The bytes of an append count from its call until it is applied and on this
 * member's own disk: JRaft holds them for as long.
 */
final class GroupCommit {

  /** Where entries go. */
  interface Log {
    /** Proposes an entry under a term; the closure is told what became of it, in another thread. */
    void propose(ByteBuffer entry, Closure done, long term);
  }

  private final Log log;
  private final FailStop failStop;
  private final FormatInUse format;
  private final int maxEntryBytes;
  private final int maxInFlight;
  private final long maxQueuedBytes;

  private final ConcurrentLinkedQueue<Batch.Append> queue = new ConcurrentLinkedQueue<>();
  private final Set<Batch> inFlight = ConcurrentHashMap.newKeySet();
  private final AtomicInteger draining = new AtomicInteger();
  private final AtomicLong queuedBytes = new AtomicLong();

  /** Appends in the queue, or about to be. */
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Whether a thread will propose what waits at the end of its turn. Set by that thread, which
   * cannot be in the middle of its own end; of several threads the first to end takes all.
   */
  private volatile boolean turnEnds;

  /** Proposes what waits as a turn ends. One object, by which it is known to be due already. */
  private final Runnable atEndOfTurn = this::endTurn;

  private final Unstored unstored = new Unstored(bytes -> queuedBytes.addAndGet(-bytes));

  /** Changed, and looked at for a proposal, under {@link #proposing}. */
  private volatile @Nullable Reign open;

  /**
   * Held while an entry is proposed: once a reign is closed, none of it follows. In the same term
   * JRaft would take it, behind the entry that the next reign begins with.
   */
  private final Object proposing = new Object();

  /** Counts batches; of the one thread that drains. */
  private long batches;

  /** How many appends the newest batch has; of the one thread that drains. */
  private int appendsOfNewest;

  /** What {@link #lost} saw last, and how often. */
  private long oldestSeen = Steps.NONE;

  private int timesSeen;

  /** The step that the log was first seen at meanwhile. */
  private long firstStep = Steps.NONE;

  /** Whether the log had the time to take what was seen; where it ended on disk by then. */
  private boolean hadTime;

  private long storedThen;

  GroupCommit(RaftSettings settings, FailStop failStop, FormatInUse format, Log log) {
    this.log = log;
    this.failStop = failStop;
    this.format = format;
    this.maxEntryBytes = settings.maxEntryBytes();
    this.maxInFlight = settings.maxEntriesInFlight();
    this.maxQueuedBytes = settings.maxQueuedBytes();
  }

  /** Takes appends of a reign from now on, and of no other. */
  void open(Reign reign) {
    synchronized (proposing) {
      open = reign;
    }
  }

  /** Takes none; those in the queue fail, unproposed. When this returns, none is proposed more. */
  void close() {
    synchronized (proposing) {
      open = null;
    }
    drain(true);
  }

  /** The log on this member's disk ends with an entry from now on. */
  void stored(long index) {
    unstored.stored(index);
  }

  /** Bytes that are queued, in flight, or not on this member's disk yet. */
  long queuedBytes() {
    return queuedBytes.get();
  }

  /** The journal as one reign's leader writes it. */
  Journal under(Reign reign) {
    return new Journal() {
      @Override
      public void append(List<Mutation> mutations, AppendListener done) {
        GroupCommit.this.append(reign, mutations, done);
      }

      @Override
      public void close() {
        // Ends nothing: the journal is the member's, and outlives the reign.
      }
    };
  }

  private void append(Reign reign, List<Mutation> mutations, AppendListener done) {
    if (!reign.equals(open)) {
      failOne(done, notLeading(reign));
      return;
    }
    int bytes = 0;
    boolean bounded = false;
    for (Mutation mutation : mutations) {
      bytes = Math.addExact(bytes, MutationCodec.sizeOf(mutation, JournalFormat.HIGHEST));
      bounded |= mutation instanceof Mutation.Written;
    }
    // What marks entries clean makes room and must get through: it is never refused.
    if (queuedBytes.addAndGet(bytes) > maxQueuedBytes && bounded) {
      queuedBytes.addAndGet(-bytes);
      failOne(
          done,
          new JournalException.QueueFull(
              "more than " + maxQueuedBytes + " bytes wait for the journal"));
      return;
    }
    waiting.incrementAndGet();
    queue.add(new Batch.Append(reign, mutations, bytes, done));
    if (done.proposesLater(atEndOfTurn)) {
      turnEnds = true;
    } else {
      drain(false);
    }
  }

  private void endTurn() {
    turnEnds = false;
    drain(false);
  }

  private static void failOne(AppendListener done, JournalException why) {
    Outcomes outcomes = new Outcomes();
    outcomes.failed(done, why);
    outcomes.end();
  }

  /** A batch is applied, or has failed. */
  private void ended(Batch batch, long index) {
    if (index == Batch.NO_INDEX) {
      queuedBytes.addAndGet(-batch.bytes());
    } else {
      unstored.applied(index, batch.bytes());
    }
    inFlight.remove(batch);
    if (!turnEnds) {
      drain(true);
    }
  }

  /**
   * The oldest batch in flight, if nothing that this member knows of keeps it from its end: what
   * the log on disk held, once it had had the time to take it, is applied, and it is not. One that
   * waits for other members or for the own disk is not lost. For the watchdog, and its one thread.
   *
   * @param applied the last entry that is applied
   * @param logStep what the log's thread does, or {@link Steps#NONE}
   * @return its number, or {@link Steps#NONE}
   */
  long lost(long applied, long logStep) {
    long oldest = inFlight.stream().mapToLong(Batch::number).min().orElse(Steps.NONE);
    if (oldest != oldestSeen) {
      oldestSeen = oldest;
      timesSeen = 0;
      firstStep = Steps.NONE;
      hadTime = false;
    }
    if (oldest == Steps.NONE) {
      return Steps.NONE;
    }
    if (!hadTime) {
      hadTime = hasHadTime(logStep);
      storedThen = unstored.lastStored();
    }
    return hadTime && applied >= storedThen ? oldest : Steps.NONE;
  }

  /**
   * Whether what was first seen in flight two looks ago or more is in the log on disk, or never
   * comes there: the log rests, or it has taken twice what had come to it. A slow one does neither.
   */
  private boolean hasHadTime(long logStep) {
    if (firstStep == Steps.NONE) {
      firstStep = logStep;
    }
    boolean tookTwice = firstStep != Steps.NONE && logStep >= firstStep + 2 * Steps.EACH;
    return timesSeen++ >= 2 && (logStep == Steps.NONE || tookTwice);
  }

  /**
   * Proposes what waits, and refuses what cannot be.
   *
   * @param mayTell whether those that are refused may be told by this thread: one that appends has
   *     locks of its own keys, and they take those of theirs
   */
  private void drain(boolean mayTell) {
    if (draining.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      proposeWhatFits(mayTell);
      seen = draining.addAndGet(-seen);
    } while (seen != 0);
  }

  private static void tell(boolean mayTell, Runnable telling) {
    if (mayTell) {
      telling.run();
    } else {
      Thread.ofVirtual().name("weir-refused").start(telling);
    }
  }

  private void proposeWhatFits(boolean mayTell) {
    while (true) {
      Reign reign = open;
      if (reign == null) {
        failAll(mayTell);
        return;
      }
      if (!mayPropose()) {
        return;
      }
      Batch batch = new Batch(++batches, this::ended);
      try {
        fill(batch, reign, mayTell);
        if (batch.isEmpty()) {
          return;
        }
        inFlight.add(batch);
        appendsOfNewest = batch.appends();
        propose(batch, reign, mayTell);
      } catch (RuntimeException | Error e) {
        failStop.trip("could not propose what waits for the journal", e);
        JournalException open =
            new JournalException.OutcomeOpen("the journal failed as the write was proposed: " + e);
        tell(mayTell, () -> batch.fail(open));
        if (batch.isEmpty()) {
          failFirst(mayTell); // It is what cannot be taken.
        }
      }
    }
  }

  /**
   * Whether an entry may go now. Beside another in flight it must have as many appends: those that
   * few callers make go at once, and those of many share few entries, however fast the disk is.
   */
  private boolean mayPropose() {
    int already = inFlight.size();
    return already == 0 || (already < maxInFlight && waiting.get() >= appendsOfNewest);
  }

  private Batch.@Nullable Append take() {
    Batch.Append first = queue.poll();
    if (first != null) {
      waiting.decrementAndGet();
    }
    return first;
  }

  private void failFirst(boolean mayTell) {
    Batch.Append first = take();
    if (first != null) {
      refuse(List.of(first), mayTell);
    }
  }

  /** A journal that has failed acknowledges nothing; the process is about to end. */
  private void propose(Batch batch, Reign reign, boolean mayTell) {
    if (failStop.isTripped()) {
      tell(mayTell, () -> batch.run(new Status(-1, "the journal has failed")));
      return;
    }
    ByteBuffer entry = EntryCodec.encode(batch.mutations(), format.get(), batch.bytes());
    boolean isOver;
    synchronized (proposing) {
      isOver = !reign.equals(open);
      if (!isOver) {
        log.propose(entry, batch, reign.term());
      }
    }
    if (isOver) {
      tell(mayTell, () -> batch.fail(notLeading(reign)));
    }
  }

  /** An append of an earlier reign was refused when that ended, and is told so. */
  private void fill(Batch batch, Reign reign, boolean mayTell) {
    List<Batch.Append> refused = new ArrayList<>(0);
    Batch.Append next;
    while ((next = queue.peek()) != null
        && (batch.isEmpty() || batch.bytes() + (long) next.bytes() <= maxEntryBytes)) {
      if (next.reign().equals(reign)) {
        batch.add(next);
      } else {
        refused.add(next);
      }
      take();
    }
    refuse(refused, mayTell);
  }

  private void failAll(boolean mayTell) {
    List<Batch.Append> refused = new ArrayList<>();
    Batch.Append next;
    while ((next = take()) != null) {
      refused.add(next);
    }
    refuse(refused, mayTell);
  }

  private void refuse(List<Batch.Append> refused, boolean mayTell) {
    if (refused.isEmpty()) {
      return;
    }
    for (Batch.Append each : refused) {
      queuedBytes.addAndGet(-each.bytes());
    }
    tell(
        mayTell,
        () -> {
          Outcomes outcomes = new Outcomes();
          for (Batch.Append each : refused) {
            outcomes.failed(each.done(), notLeading(each.reign()));
          }
          outcomes.end();
        });
  }

  private static JournalException notLeading(Reign reign) {
    return new JournalException.NotLeading(
        "this server does not lead, or no longer, in term " + reign.term());
  }
}
