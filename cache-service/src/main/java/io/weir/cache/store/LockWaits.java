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

  private final DatabaseUrl.Dialect dialect;
  private final Duration lockTimeout;

  /**
   * @param lockTimeout the longest wait for the fence, at least a second
   */
  LockWaits(DatabaseUrl.Dialect dialect, Duration lockTimeout) {
    this.dialect = dialect;
    this.lockTimeout = lockTimeout;
  }

  /** Sets the wait for the fence. */
  String forFence() {
    return set(dialect, lockTimeout);
  }

  /** Sets the wait for a row. */
  String behindFence() {
    return set(dialect, BEHIND_FENCE);
  }

  /** How long after the fence a flush may still begin a statement. */
  Duration batch() {
    return lockTimeout.dividedBy(SHARE);
  }

  /** Sets the wait of a session for rows and for tables. */
  static String set(DatabaseUrl.Dialect dialect, Duration wait) {
    return switch (dialect) {
      case MYSQL ->
          "SET SESSION innodb_lock_wait_timeout = %1$d, lock_wait_timeout = %1$d"
              .formatted(wait.toSeconds());
      case H2 -> "SET LOCK_TIMEOUT " + wait.toMillis();
    };
  }
}
