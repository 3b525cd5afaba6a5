package io.weir.cache.journal;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The right of a leader to answer reads by itself, for a while.
 *
 * <p>A majority that confirms the leader promises to elect no other for one election timeout. The
 * lease is shorter by a margin, and counts from before the question was sent, on a clock that does
 * not stand still while the process is stopped: so it ends before the promise does, as long as the
 * members' clocks run at rates that differ by less than the margin. It does stand still while the
 * whole machine does, suspended or paused. The wall clock mostly moves on then: where the two have
 * come apart since the question, the lease does not count.
 *
 * <p><b>Use.</b> Read the value first and ask {@link #isValid} afterwards: a process may be stopped
 * between any two steps, and only a lease that is valid after the read vouches for it.
 *
 * <p><b>Concurrency.</b> {@link #isValid} is one volatile read. A confirmation that was asked for
 * before the lease was revoked, reset or granted anew does not count: {@code round} tells.
 *
 * @see <a href="https://web.stanford.edu/~ouster/cgi-bin/papers/OngaroPhD.pdf">Ongaro, 6.4.1</a>
 */
public final class ReadLease {

  private static final long NONE = -1;

  /** More than a wall clock that is slewed can gain on the other one within a lease. */
  private static final long MOST_APART_MILLIS = 50;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final long nanos;
  private final LongSupplier nanoClock;
  private final LongSupplier wallMillis;

  private volatile @Nullable Held held;
  private long round;
  private long term = NONE;
  private long barredTerm = NONE;

  /** A lease that is held since a question, by both clocks, until the one reaches a time. */
  private record Held(Request since, long until) {}

  /** A confirmation that was asked for: when by both clocks, and in which round. */
  public record Request(long askedAt, long wallMillis, long round) {}

  /** A lease by the wall clock of this machine. */
  public ReadLease(Duration length, LongSupplier nanoClock) {
    this(length, nanoClock, System::currentTimeMillis);
  }

  /**
   * @param length shorter than the election timeout by a margin
   * @param nanoClock nanoseconds, never going back
   * @param wallMillis milliseconds of the day, which may be set
   */
  public ReadLease(Duration length, LongSupplier nanoClock, LongSupplier wallMillis) {
    this.nanos = length.toNanos();
    this.nanoClock = nanoClock;
    this.wallMillis = wallMillis;
  }

  /** Tells whether no other leader can have been at work up to now. */
  public boolean isValid() {
    Held now = held;
    if (now == null) {
      return false;
    }
    long nano = nanoClock.getAsLong();
    long byNanos = (nano - now.since.askedAt) / NANOS_PER_MILLI;
    long byWall = wallMillis.getAsLong() - now.since.wallMillis;
    return nano - now.until < 0 && Math.abs(byWall - byNanos) <= MOST_APART_MILLIS;
  }

  /** Lets the leader of a term ask for confirmations, unless the term is barred. */
  public synchronized void grant(long newTerm) {
    reset();
    term = newTerm > barredTerm ? newTerm : NONE;
  }

  /** Ends the lease until the next grant. */
  public synchronized void revoke() {
    reset();
    term = NONE;
  }

  /**
   * Ends the lease for the rest of the term: another server has been asked to take over, and to get
   * votes in spite of all promises. When that comes to nothing, the request may still be under way.
   */
  public synchronized void bar() {
    barredTerm = Math.max(barredTerm, term);
    revoke();
  }

  /** Ends the lease of a term older than one, until the next grant. */
  public synchronized void revokeBefore(long newTerm) {
    if (term < newTerm) {
      revoke();
    }
  }

  /** Ends the lease until the next confirmation that is asked for from now on. */
  public synchronized void reset() {
    round++;
    held = null;
  }

  /** Notes the time, just before a confirmation is asked for; null while none may be. */
  public synchronized @Nullable Request request() {
    return term == NONE ? null : new Request(nanoClock.getAsLong(), wallMillis.getAsLong(), round);
  }

  /** Takes a confirmation. */
  public synchronized void confirmed(Request request) {
    if (request.round != round || term == NONE) {
      return;
    }
    long until = request.askedAt + nanos;
    Held now = held;
    if (now == null || until - now.until > 0) {
      held = new Held(request, until);
    }
  }
}
