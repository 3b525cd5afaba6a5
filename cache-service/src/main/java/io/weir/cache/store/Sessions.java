package io.weir.cache.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The pooled sessions, as what may lead to the wrong server: a session stays with the server that
 * it was made with, while the address may lead to another one by now. H2's lead to a file, which is
 * closed and opened again where the last session goes: they stay. Safe for use by many threads.
 */
final class Sessions {

  /** Where a database is behind, or takes no writes, for long, not each try has a new session. */
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final HikariDataSource reads;
  private final HikariDataSource writes;
  private final boolean leadToServers;
  private final LongSupplier nanoTime;
  private final AtomicLong readsRenewed;
  private final AtomicLong serverLeft;

  /**
   * @param nanoTime a monotonic clock
   */
  Sessions(
      HikariDataSource reads,
      HikariDataSource writes,
      DatabaseUrl.Dialect dialect,
      LongSupplier nanoTime) {
    this.reads = reads;
    this.writes = writes;
    this.leadToServers = dialect == DatabaseUrl.Dialect.MYSQL;
    this.nanoTime = nanoTime;
    this.readsRenewed = new AtomicLong(nanoTime.getAsLong() - PAUSE_NANOS);
    this.serverLeft = new AtomicLong(nanoTime.getAsLong() - PAUSE_NANOS);
  }

  /** Has the next reads made on new sessions, unless that was so a moment ago. */
  void renewReads() {
    if (isDue(readsRenewed)) {
      evict(reads);
    }
  }

  /**
   * Has all that comes made on new sessions, unless that was so a moment ago: for after a failure
   * that may be the sessions' own. Their server may be the old primary of a switch-over.
   */
  void leaveServer() {
    if (isDue(serverLeft)) {
      renewAll();
    }
  }

  private boolean isDue(AtomicLong renewed) {
    long now = nanoTime.getAsLong();
    long last = renewed.get();
    return now - last >= PAUSE_NANOS && renewed.compareAndSet(last, now);
  }

  /** Has all that comes made on new sessions. */
  void renewAll() {
    evict(reads);
    evict(writes);
  }

  private void evict(HikariDataSource dataSource) {
    HikariPoolMXBean pool = dataSource.getHikariPoolMXBean();
    if (leadToServers && pool != null) {
      pool.softEvictConnections();
    }
  }
}
