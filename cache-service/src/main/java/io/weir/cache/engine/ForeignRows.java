package io.weir.cache.engine;

import io.weir.cache.kv.Versioned;
import io.weir.model.Version;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Tells the rows that this shard has written from those that others have: by their version, if that
 * is above every one that the shard has given. Such a row counts as one of version {@link
 * Version#NONE}, so that each write of the shard is newer than it.
 *
 * <p>Only a leader can tell, since a replica may read what its log has not reached. To a replica a
 * row is what its version says.
 */
final class ForeignRows {

  private final Supplier<Version> given;
  private final LongAdder loaded = new LongAdder();
  private final LongAdder scanned = new LongAdder();

  /**
   * Judges by what a leader has given.
   *
   * @param given the last version given; the largest there is where this server does not lead. It
   *     is asked after a row was read: every row of the shard's own had its version by then
   */
  ForeignRows(Supplier<Version> given) {
    this.given = given;
  }

  /** Judges a row that was loaded. */
  Versioned loaded(Versioned row) {
    return judged(row, loaded);
  }

  /** Judges a row that was scanned. */
  Versioned scanned(Versioned row) {
    return judged(row, scanned);
  }

  private Versioned judged(Versioned row, LongAdder counter) {
    if (!row.version().isNewerThan(given.get())) {
      return row;
    }
    counter.increment();
    return Versioned.of(Version.NONE, row.value());
  }

  /** How many loads have met one. */
  long loads() {
    return loaded.sum();
  }

  /** How many scans have met one, each counted as often as it was. */
  long scans() {
    return scanned.sum();
  }
}
