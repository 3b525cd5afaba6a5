package io.weir.cache.server;

import io.weir.cache.kv.Claim;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.ForeignShardException;
import io.weir.cache.store.OutdatedJournalException;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.cache.store.StoreException;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.ShardId;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the database says of one reign: whether the journal that it leads by is the newest of its
 * generation. Before it has said so nothing is loaded; before it has the reign on record, and with
 * it that the journal may hold what it does not, nothing is flushed.
 *
 * <p>A journal that is no longer the newest is an older copy of a directory, a volume that was
 * rolled back, or one that has lost its end. Its versions would be below those of the rows: each
 * flush would be acknowledged and change nothing.
 *
 * <p><b>Ordering.</b> {@code UNKNOWN}, {@code CHECKED} by a read, {@code RECORDED} by a fenced
 * transaction; or {@code REFUSED}. Only a further epoch of the same reign leads back, from {@code
 * RECORDED} to {@code CHECKED}.
 *
 * <p><b>Concurrency.</b> Any thread may ask; one attempt at a time is made, by whoever asks first,
 * and the others wait for it.
 */
final class ReignCheck {

  private enum State {
    UNKNOWN,
    CHECKED,
    RECORDED,
    REFUSED
  }

  /** What it leads to; called by the thread that asks the database. */
  interface Listener {

    /**
     * The journal is the newest.
     *
     * @param writable whether a loss of it would be noticed from now on: it is on record that it
     *     may hold what the database does not
     */
    void checked(boolean writable);

    /**
     * Another journal is newer, as it seems, or another leader.
     *
     * @return whether this server leads nevertheless, so that the journal is not the newest
     */
    boolean doubted(StoreException doubt);

    /** The database is another shard's, or no shard's. */
    void foreign(ForeignShardException refusal);
  }

  private final ShardRegistry registry;
  private final ShardId shard;
  private final Claim claim;
  private final Listener listener;
  private final String holder = UUID.randomUUID().toString();
  private final AtomicReference<@Nullable Attempt> attempt = new AtomicReference<>();

  private volatile long epoch;
  private volatile State state = State.UNKNOWN;

  /** One question to the database, in its two steps. */
  private record Attempt(
      CompletableFuture<@Nullable Void> checked, CompletableFuture<@Nullable Void> recorded) {

    Attempt() {
      this(new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  /**
   * @param shard that the journal is of
   * @param epoch that the reign began with
   */
  ReignCheck(ShardRegistry registry, ShardId shard, Claim claim, long epoch, Listener listener) {
    this.registry = registry;
    this.shard = shard;
    this.claim = claim;
    this.epoch = epoch;
    this.listener = listener;
  }

  boolean isRecorded() {
    return state == State.RECORDED;
  }

  /** Takes a further epoch of the same reign, to be recorded before the next flush. */
  synchronized void goOn(long next) {
    epoch = next;
    if (state == State.RECORDED) {
      state = State.CHECKED;
    }
  }

  /**
   * Asks, unless the database has said already that the journal is the newest.
   *
   * @throws StoreUnavailableException when it does not say so
   */
  void requireChecked() {
    if (state != State.CHECKED && state != State.RECORDED) {
      await(ask().checked());
    }
  }

  /**
   * Records the reign, unless that is done.
   *
   * @throws StoreUnavailableException when it cannot be
   */
  void requireRecorded() {
    if (state != State.RECORDED) {
      await(ask().recorded());
    }
  }

  /** Records, if the reign is on record, that the journal holds nothing but what is flushed. */
  void recordClean() {
    if (state == State.RECORDED) {
      registry.recordClean(claim, holder);
    }
  }

  private static void await(CompletableFuture<@Nullable Void> step) {
    try {
      step.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StoreUnavailableException(
          "the database has not confirmed that this leader has its shard's newest journal: "
              + cause.getMessage(),
          cause);
    }
  }

  private Attempt ask() {
    Attempt mine = new Attempt();
    Attempt theirs = attempt.compareAndExchange(null, mine);
    if (theirs != null) {
      return theirs;
    }
    try {
      if (state == State.REFUSED) {
        throw new OutdatedJournalException("it has refused it");
      }
      boolean writable = check();
      mine.checked().complete(null);
      listener.checked(writable);
      record();
      listener.checked(true);
      mine.recorded().complete(null);
    } catch (FencedException | OutdatedJournalException e) {
      try {
        if (state != State.REFUSED && listener.doubted(e)) {
          state = State.REFUSED;
        }
      } finally {
        fail(mine, e);
      }
    } catch (ForeignShardException e) {
      if (state != State.REFUSED) {
        state = State.REFUSED;
        listener.foreign(e);
      }
      fail(mine, e);
    } catch (RuntimeException | Error e) {
      fail(mine, e);
    } finally {
      attempt.set(null);
    }
    return mine;
  }

  /** Records the newest epoch, also when a further one comes meanwhile. */
  private void record() {
    while (state != State.RECORDED) {
      long recorded = epoch;
      registry.recordReign(claim, recorded, holder);
      synchronized (this) {
        if (recorded == epoch) {
          state = State.RECORDED;
        }
      }
    }
  }

  private static void fail(Attempt attempt, Throwable cause) {
    attempt.checked().completeExceptionally(cause);
    attempt.recorded().completeExceptionally(cause);
  }

  /** That a database is another than a journal's. */
  static String notOf(ShardId shard, @Nullable ShardRow row) {
    return "weir.database.url leads to "
        + (row == null ? "a database without a shard" : "the database of shard " + row.id())
        + ", and this server's journal is of shard "
        + shard;
  }

  /** Reads the row. Returns whether a loss of the journal would be noticed as it stands. */
  private boolean check() {
    ShardRow row = registry.read().orElse(null);
    if (row == null || !row.id().equals(shard)) {
      throw new ForeignShardException(notOf(shard, row));
    }
    if (row.generation() != claim.generation()) {
      throw new FencedException("the shard is in generation " + row.generation());
    }
    boolean ours = row.reign().holder().equals(holder);
    if (!ours && row.knownEpoch() >= epoch) {
      throw new OutdatedJournalException(
          "it records a reign of epoch " + row.knownEpoch() + ", and this one has epoch " + epoch);
    }
    if (state == State.UNKNOWN) {
      state = State.CHECKED;
    }
    return !row.isClean();
  }
}
