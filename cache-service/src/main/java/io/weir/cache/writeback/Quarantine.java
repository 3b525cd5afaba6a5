package io.weir.cache.writeback;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The rows that the database does not take, each with its next try: it refuses their data, another
 * transaction holds them, or it fails at them alone. What they hold is pinned in the engine, which
 * bounds them; this only remembers when to try again, and why they are here.
 *
 * <p>A key that was here is tried by itself for a while, in whatever version.
 *
 * <p><b>Pace.</b> One row each tenth of a second while they fail. A try that succeeds doubles how
 * many come at once, up to a whole batch. What was not tried in its version waits for no pace.
 *
 * <p><b>Concurrency.</b> Changed by the write-back's thread; read by any. Guarded by itself.
 */
final class Quarantine {

  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long a key is tried by itself after a try that has failed. */
  private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Most keys that are remembered so; the oldest are forgotten first. */
  private static final int MOST_REMEMBERED = 100_000;

  /** When the next try is due that an operator asks for: before all others. */
  private static final long FIRST = Long.MIN_VALUE;

  private static final Comparator<Case> BY_NEXT_TRY =
      Comparator.<Case>comparingLong(one -> one.nextTryNanos)
          .thenComparingLong(one -> one.sequence);

  private final FlushSettings settings;
  private final Map<Key, Case> cases = new LinkedHashMap<>();

  /** Those of them that were not tried in their version yet. */
  private final Map<Key, Case> untried = new LinkedHashMap<>();

  private final TreeSet<Case> byNextTry = new TreeSet<>(BY_NEXT_TRY);

  /** The keys that were refused lately, the latest last: why, and until when that is known. */
  private final Map<Key, Memory> remembered = new LinkedHashMap<>();

  private long sequence;

  /** How many of the untried ones are tried at once. */
  private int untriedAtOnce;

  /** How many of the others, and when. */
  private int atOnce = 1;

  private long nextNanos = Long.MIN_VALUE;

  private record Memory(Cause cause, String reason, long untilNanos) {}

  /** Why a row is here. */
  enum Cause {
    /** The database refuses it, or fails at it. */
    REFUSED,
    /** Another transaction holds what it needs. */
    LOCKED
  }

  private static final class Case {
    private final Key key;
    private final Version version;
    private final Backoff backoff;
    private final long sinceNanos;
    private final long sequence;
    private Cause cause = Cause.REFUSED;
    private String reason = "";
    private int attempts;
    private long nextTryNanos;

    private Case(Key key, Version version, Backoff backoff, long sinceNanos, long sequence) {
      this.key = key;
      this.version = version;
      this.backoff = backoff;
      this.sinceNanos = sinceNanos;
      this.sequence = sequence;
    }
  }

  Quarantine(FlushSettings settings) {
    this.settings = settings;
    this.untriedAtOnce = settings.batchEntries();
  }

  /** Notes a refusal. Returns true when the row was not refused before in this version. */
  synchronized boolean refused(
      Write write, Cause cause, String reason, long sinceNanos, long nowNanos) {
    Case known = taken(write, sinceNanos);
    boolean first = known.attempts == 0;
    untried.remove(write.key());
    known.cause = cause;
    known.reason = reason;
    known.attempts++;
    known.nextTryNanos = nowNanos + known.backoff.nextDelayNanos();
    byNextTry.add(known);
    remember(write.key(), new Memory(cause, reason, nowNanos + REMEMBERED_NANOS), nowNanos);
    return first;
  }

  /** Takes in a version of a key that was refused in another: it is tried by itself at once. */
  synchronized void suspect(Write write, long sinceNanos, long nowNanos) {
    Memory memory = remembered.get(write.key());
    Case known = taken(write, sinceNanos);
    if (memory != null) {
      known.cause = memory.cause();
      known.reason = "an earlier version was not taken: " + memory.reason();
    }
    known.nextTryNanos = nowNanos;
    byNextTry.add(known);
  }

  /** The case of a version, in no order of tries. */
  private Case taken(Write write, long sinceNanos) {
    Case known = cases.get(write.key());
    if (known != null && known.version.equals(write.version())) {
      byNextTry.remove(known);
      return known;
    }
    remove(write.key());
    Backoff backoff = new Backoff(settings.minRetryDelay(), settings.maxRetryDelay());
    Case fresh = new Case(write.key(), write.version(), backoff, sinceNanos, sequence++);
    cases.put(write.key(), fresh);
    untried.put(write.key(), fresh);
    return fresh;
  }

  private void remember(Key key, Memory memory, long nowNanos) {
    remembered.remove(key);
    remembered.put(key, memory);
    Iterator<Memory> oldest = remembered.values().iterator();
    while (oldest.hasNext()
        && (oldest.next().untilNanos() <= nowNanos || remembered.size() > MOST_REMEMBERED)) {
      oldest.remove();
    }
  }

  /** Whether a key was refused a short while ago, in some version. */
  synchronized boolean isSuspected(Key key, long nowNanos) {
    Memory memory = remembered.isEmpty() ? null : remembered.get(key);
    return memory != null && memory.untilNanos() > nowNanos;
  }

  /** Makes the next try of a key due. Returns false when it is not here. */
  synchronized boolean retryNow(Key key, long nowNanos) {
    Case known = cases.get(key);
    if (known == null) {
      return false;
    }
    nextNanos = Math.min(nextNanos, nowNanos);
    byNextTry.remove(known);
    known.nextTryNanos = FIRST;
    byNextTry.add(known);
    return true;
  }

  /** Removes a key: it was flushed, or written anew. */
  synchronized void remove(Key key) {
    Case known = cases.remove(key);
    if (known != null) {
      byNextTry.remove(known);
      untried.remove(key);
    }
  }

  /** Removes what was flushed. */
  synchronized void removeAll(List<Write> flushed) {
    if (!cases.isEmpty()) {
      flushed.forEach(write -> remove(write.key()));
    }
  }

  /** When the next try is due, by the ticker; {@code Long.MAX_VALUE} for none. */
  synchronized long nextTryNanos() {
    if (byNextTry.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return untried.isEmpty() ? Math.max(nextNanos, byNextTry.first().nextTryNanos) : Long.MIN_VALUE;
  }

  /**
   * Keys that are to be tried at once, in a version that may be right, whatever the others wait
   * for: a batch of them, as long as that goes well.
   */
  synchronized List<Key> untried() {
    return untried.keySet().stream().limit(untriedAtOnce).toList();
  }

  /**
   * Several rows were tried at once.
   *
   * @param told whether it is known which of them fail; else one is tried alone next
   */
  synchronized void triedTogether(boolean told) {
    untriedAtOnce = told ? Math.min(settings.batchEntries(), 2 * untriedAtOnce) : 1;
  }

  /** The keys that are to be tried now, the one that has been due for longest first. */
  synchronized List<Key> due(long nowNanos) {
    if (nextNanos > nowNanos) {
      return List.of();
    }
    List<Key> due = new ArrayList<>();
    for (Case one : byNextTry) {
      if (one.nextTryNanos > nowNanos || due.size() == atOnce) {
        break;
      }
      due.add(one.key);
    }
    return due;
  }

  /** What was due was tried. */
  synchronized void tried(boolean succeeded, long nowNanos) {
    atOnce = succeeded ? Math.min(settings.batchEntries(), 2 * atOnce) : 1;
    nextNanos = nowNanos + PACE_NANOS;
  }

  /** Whether a key is here because another transaction holds what it needs. */
  synchronized boolean isLocked(Key key) {
    Case known = cases.get(key);
    return known != null && known.cause == Cause.LOCKED;
  }

  /** Why a key is here, as it was told the last time. */
  synchronized String reason(Key key) {
    Case known = cases.get(key);
    return known == null ? "" : known.reason;
  }

  synchronized int size() {
    return cases.size();
  }

  /** Ticker nanoseconds since which the oldest row is dirty; {@code Long.MAX_VALUE} for none. */
  synchronized long oldestNanos() {
    return oldest(cases.values());
  }

  /** The same of those that were not tried in their version yet. */
  synchronized long oldestUntriedNanos() {
    return oldest(untried.values());
  }

  /** The same of some keys. */
  synchronized long oldestNanos(Collection<Key> keys) {
    return oldest(keys.stream().map(cases::get).filter(Objects::nonNull).toList());
  }

  private static long oldest(Collection<Case> cases) {
    return cases.stream().mapToLong(one -> one.sinceNanos).min().orElse(Long.MAX_VALUE);
  }

  /** All of them, the first refused first. */
  synchronized List<QuarantinedRow> rows(long nowNanos) {
    List<QuarantinedRow> rows = new ArrayList<>(cases.size());
    cases.forEach((key, one) ->
        rows.add(
            new QuarantinedRow(
                key,
                one.version,
                one.reason,
                one.attempts,
                Duration.ofNanos(Math.max(0, nowNanos - one.sinceNanos)),
                Duration.ofNanos(Math.max(nowNanos, one.nextTryNanos) - nowNanos))));
    return rows;
  }
}
