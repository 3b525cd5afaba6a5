package io.weir.cache.journal.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.Reign;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
 * time, be it an appending thread or the one that applies. Nobody waits.
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
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger draining = new AtomicInteger();
  private final AtomicLong queuedBytes = new AtomicLong();
  private volatile @Nullable Reign open;

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
    open = reign;
  }

  /** Takes none; those in the queue fail, unproposed. */
  void close() {
    open = null;
    drain();
  }

  /** Bytes that are queued or in flight. */
  long queuedBytes() {
    return queuedBytes.get();
  }

  /** The journal as one reign's leader writes it. */
  Journal under(Reign reign) {
    return new Journal() {
      @Override
      public CompletableFuture<@Nullable Void> append(List<Mutation> mutations) {
        return GroupCommit.this.append(reign, mutations);
      }

      @Override
      public void close() {
        // Ends nothing: the journal is the member's, and outlives the reign.
      }
    };
  }

  private CompletableFuture<@Nullable Void> append(Reign reign, List<Mutation> mutations) {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    if (!reign.equals(open)) {
      done.completeExceptionally(notLeading(reign));
      return done;
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
      done.completeExceptionally(
          new JournalException.QueueFull(
              "more than " + maxQueuedBytes + " bytes wait for the journal"));
      return done;
    }
    queue.add(new Batch.Append(reign, mutations, bytes, done));
    drain();
    return done;
  }

  /** An entry is applied, or has failed. */
  private void ended(int bytes) {
    queuedBytes.addAndGet(-bytes);
    inFlight.decrementAndGet();
    drain();
  }

  private void drain() {
    if (draining.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      proposeWhatFits();
      seen = draining.addAndGet(-seen);
    } while (seen != 0);
  }

  private void proposeWhatFits() {
    while (true) {
      Reign reign = open;
      if (reign == null) {
        failAll();
        return;
      }
      if (inFlight.get() >= maxInFlight) {
        return;
      }
      Batch batch = nextBatch(reign);
      if (batch.isEmpty()) {
        return;
      }
      inFlight.incrementAndGet();
      propose(batch, reign.term());
    }
  }

  /** A journal that has failed acknowledges nothing; the process is about to end. */
  private void propose(Batch batch, long term) {
    if (failStop.isTripped()) {
      batch.run(new Status(-1, "the journal has failed"));
      return;
    }
    log.propose(EntryCodec.encode(batch.mutations(), format.get()), batch, term);
  }

  private Batch nextBatch(Reign reign) {
    Batch batch = new Batch(this::ended);
    Batch.Append next;
    while ((next = queue.peek()) != null
        && (batch.isEmpty() || batch.bytes() + (long) next.bytes() <= maxEntryBytes)) {
      queue.remove();
      if (next.reign().equals(reign)) {
        batch.add(next);
      } else {
        fail(next);
      }
    }
    return batch;
  }

  private void failAll() {
    Batch.Append next;
    while ((next = queue.poll()) != null) {
      fail(next);
    }
  }

  private void fail(Batch.Append append) {
    queuedBytes.addAndGet(-append.bytes());
    append.done().completeExceptionally(notLeading(append.reign()));
  }

  private static JournalException notLeading(Reign reign) {
    return new JournalException.NotLeading(
        "this server does not lead, or no longer, in term " + reign.term());
  }
}
