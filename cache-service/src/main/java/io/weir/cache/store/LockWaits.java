package io.weir.cache.store;

import java.time.Duration;

/**
 * How long the statements of a writing session wait for what other transactions hold. The fence may
 * be held by a leader that is about to finish, and is waited for with patience. Behind it a wait
 * keeps every other row from the database, so it is short; and no statement begins when a share of
 * that patience is over, so that a successor that waits for the fence gets it.
 */
final class LockWaits {

  private static final Duration BEHIND_FENCE = Duration.ofSeconds(1);

  private static final int SHARE = 3;

  /** A statement may wait for two tables, and then for a row. */
  private static final int WAITS = 3;

  private final DatabaseUrl.Dialect dialect;
  private final DatabaseSettings settings;

  LockWaits(DatabaseUrl.Dialect dialect, DatabaseSettings settings) {
    this.dialect = dialect;
    this.settings = settings;
  }

  /** Sets the wait for the fence. */
  String forFence() {
    return set(settings.lockTimeout(), forTable(settings));
  }

  /** Sets the wait for a row. */
  String behindFence() {
    return set(BEHIND_FENCE, BEHIND_FENCE);
  }

  /** How long after the fence a flush may still begin a statement. */
  Duration batch() {
    return settings.lockTimeout().dividedBy(SHARE);
  }

  /** The wait for a table, which is a year by default: whole seconds, of which one is the least. */
  static Duration forTable(DatabaseSettings settings) {
    long most = settings.socketTimeout().dividedBy(WAITS).toSeconds();
    return Duration.ofSeconds(Math.clamp(most, 1, settings.lockTimeout().toSeconds()));
  }

  private String set(Duration row, Duration table) {
    return switch (dialect) {
      case MYSQL ->
          "SET SESSION innodb_lock_wait_timeout = %d, lock_wait_timeout = %d"
              .formatted(row.toSeconds(), table.toSeconds());
      case H2 -> "SET LOCK_TIMEOUT " + row.toMillis();
    };
  }
}
