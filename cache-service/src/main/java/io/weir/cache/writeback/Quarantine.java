package io.weir.cache.writeback;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows that the database refuses, each with its next try. What they hold is pinned in the
 * engine, which bounds them; this only remembers when to try again, and why they are here.
 *
 * <p><b>Concurrency.</b> Changed by the write-back's thread; read by any. Guarded by itself.
 */
final class Quarantine {

  private final FlushSettings settings;
  private final Map<Key, Case> cases = new LinkedHashMap<>();

  private static final class Case {
    private final Backoff backoff;
    private QuarantinedRow row;
    private long sinceNanos;
    private long nextTryNanos;

    private Case(Backoff backoff, QuarantinedRow row, long sinceNanos) {
      this.backoff = backoff;
      this.row = row;
      this.sinceNanos = sinceNanos;
    }
  }

  Quarantine(FlushSettings settings) {
    this.settings = settings;
  }

  /** Notes a refusal. Returns true when the row was not refused before in this version. */
  synchronized boolean refused(Write write, String reason, long sinceNanos, long nowNanos) {
    Case known = cases.get(write.key());
    boolean first = known == null || !known.row.version().equals(write.version());
    int attempts = first || known == null ? 1 : known.row.attempts() + 1;
    QuarantinedRow row = new QuarantinedRow(write.key(), write.version(), reason, attempts);
    Case updated = known;
    if (updated == null || first) {
      updated =
          new Case(
              new Backoff(settings.minRetryDelay(), settings.maxRetryDelay()), row, sinceNanos);
      cases.put(write.key(), updated);
    }
    updated.row = row;
    updated.nextTryNanos = nowNanos + updated.backoff.nextDelayNanos();
    return first;
  }

  /** Forgets a key: it was flushed, or written anew. */
  synchronized void forget(Key key) {
    cases.remove(key);
  }

  /** Forgets what was flushed. */
  synchronized void forgetAll(List<Write> flushed) {
    if (!cases.isEmpty()) {
      flushed.forEach(write -> cases.remove(write.key()));
    }
  }

  /** The key whose next try has been due for longest. */
  synchronized Optional<Key> nextDue(long nowNanos) {
    Case next = null;
    for (Case one : cases.values()) {
      if (one.nextTryNanos <= nowNanos && (next == null || one.nextTryNanos < next.nextTryNanos)) {
        next = one;
      }
    }
    return next == null ? Optional.empty() : Optional.of(next.row.key());
  }

  /** Ticker nanoseconds since which the oldest row is dirty; {@code Long.MAX_VALUE} for none. */
  synchronized long oldestNanos() {
    long oldest = Long.MAX_VALUE;
    for (Case one : cases.values()) {
      oldest = Math.min(oldest, one.sinceNanos);
    }
    return oldest;
  }

  synchronized List<QuarantinedRow> rows() {
    return cases.values().stream().map(one -> one.row).toList();
  }
}
