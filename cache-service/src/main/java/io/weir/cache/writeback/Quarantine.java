package io.weir.cache.writeback;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
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
    private final Version version;
    private final Backoff backoff;
    private final long sinceNanos;
    private String reason = "";
    private int attempts;
    private long nextTryNanos;

    private Case(Version version, Backoff backoff, long sinceNanos) {
      this.version = version;
      this.backoff = backoff;
      this.sinceNanos = sinceNanos;
    }
  }

  Quarantine(FlushSettings settings) {
    this.settings = settings;
  }

  /** Notes a refusal. Returns true when the row was not refused before in this version. */
  synchronized boolean refused(Write write, String reason, long sinceNanos, long nowNanos) {
    Case known = cases.get(write.key());
    boolean first = known == null || !known.version.equals(write.version());
    Case refused =
        first || known == null
            ? new Case(
                write.version(),
                new Backoff(settings.minRetryDelay(), settings.maxRetryDelay()),
                sinceNanos)
            : known;
    cases.put(write.key(), refused);
    refused.reason = reason;
    refused.attempts++;
    refused.nextTryNanos = nowNanos + refused.backoff.nextDelayNanos();
    return first;
  }

  /** The version of a key that is refused. */
  synchronized Optional<Version> versionOf(Key key) {
    return Optional.ofNullable(cases.get(key)).map(known -> known.version);
  }

  /** Makes the next try of a key due. Returns false when it is not here. */
  synchronized boolean retryNow(Key key, long nowNanos) {
    Case known = cases.get(key);
    if (known == null) {
      return false;
    }
    known.nextTryNanos = Math.min(known.nextTryNanos, nowNanos);
    return true;
  }

  /** Removes a key: it was flushed, or written anew. */
  synchronized void remove(Key key) {
    cases.remove(key);
  }

  /** Removes what was flushed. */
  synchronized void removeAll(List<Write> flushed) {
    if (!cases.isEmpty()) {
      flushed.forEach(write -> cases.remove(write.key()));
    }
  }

  /** The key whose next try has been due for longest. */
  synchronized Optional<Key> nextDue(long nowNanos) {
    Map.Entry<Key, Case> next = null;
    for (Map.Entry<Key, Case> one : cases.entrySet()) {
      long due = one.getValue().nextTryNanos;
      if (due <= nowNanos && (next == null || due < next.getValue().nextTryNanos)) {
        next = one;
      }
    }
    return Optional.ofNullable(next).map(Map.Entry::getKey);
  }

  /** Ticker nanoseconds since which the oldest row is dirty; {@code Long.MAX_VALUE} for none. */
  synchronized long oldestNanos() {
    long oldest = Long.MAX_VALUE;
    for (Case one : cases.values()) {
      oldest = Math.min(oldest, one.sinceNanos);
    }
    return oldest;
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
                Duration.ofNanos(Math.max(0, one.nextTryNanos - nowNanos)))));
    return rows;
  }
}
