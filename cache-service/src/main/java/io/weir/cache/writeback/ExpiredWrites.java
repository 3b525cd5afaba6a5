package io.weir.cache.writeback;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The writes whose value has expired before a flush takes them: no reader sees it any more, so the
 * database is told to delete what its row holds from before, and no row is put in that the {@link
 * ExpiryCleaner} would have to find and delete.
 *
 * @param clock the leader's
 * @param margin how long a value must have been expired, so that a slower clock serves it no longer
 *     either; the cleaner's
 */
public record ExpiredWrites(Clock clock, Duration margin) {

  /** The same writes, each that has expired being a delete of its version. */
  List<Write> asDeletes(List<Write> batch) {
    long before = clock.millis() - margin.toMillis();
    if (batch.stream().noneMatch(write -> hasExpired(write, before))) {
      return batch;
    }
    List<Write> told = new ArrayList<>(batch.size());
    for (Write write : batch) {
      told.add(hasExpired(write, before) ? new Write(write.key(), write.version(), null) : write);
    }
    return told;
  }

  private static boolean hasExpired(Write write, long before) {
    Value value = write.value();
    return value != null && value.expiresAtMillis() < before;
  }
}
