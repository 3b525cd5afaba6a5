package io.weir.cache.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The pool of writing sessions, which the database ends when they are silent for long. After a
 * quiet spell it makes new ones, where a plain pool would try the old ones first and warn of each.
 */
final class FlushPool extends HikariDataSource {

  private final long quietNanos;
  private final LongSupplier nanoTime;
  private final AtomicLong lastUse;

  /**
   * Makes an empty pool.
   *
   * @param silence after which the database ends a session
   * @param nanoTime a monotonic clock
   */
  FlushPool(HikariConfig config, Duration silence, LongSupplier nanoTime) {
    super(config);
    this.quietNanos = silence.dividedBy(2).toNanos();
    this.nanoTime = nanoTime;
    this.lastUse = new AtomicLong(nanoTime.getAsLong());
  }

  @Override
  public Connection getConnection() throws SQLException {
    long now = nanoTime.getAsLong();
    HikariPoolMXBean pool = getHikariPoolMXBean();
    if (now - lastUse.getAndSet(now) > quietNanos && pool != null) {
      pool.softEvictConnections();
    }
    return super.getConnection();
  }
}
