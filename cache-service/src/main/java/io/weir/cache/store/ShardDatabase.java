package io.weir.cache.store;

import com.zaxxer.hikari.HikariDataSource;

/**
 * The open database of one shard: its pools, and what speaks through them. Closing it closes the
 * connections; flush first.
 */
public final class ShardDatabase implements AutoCloseable {

  private final HikariDataSource reads;
  private final HikariDataSource writes;
  private final UnreadableRows unreadable = new UnreadableRows();
  private final JdbcBackingStore backingStore;
  private final JdbcShardRegistry registry;

  private ShardDatabase(DatabaseSettings settings, DatabaseUrl url) {
    this.reads = ConnectionPools.reads(settings, url);
    this.writes = ConnectionPools.writes(settings, url);
    SqlFailures failures = new SqlFailures(url);
    FencedTransactions fenced = new FencedTransactions(writes, failures);
    Sessions sessions = new Sessions(reads, writes, url.dialect(), System::nanoTime);
    this.backingStore = new JdbcBackingStore(reads, unreadable, fenced, sessions, failures);
    this.registry = new JdbcShardRegistry(reads, fenced, failures, url);
  }

  /**
   * Connects, and creates or upgrades the tables.
   *
   * @param settings with a URL
   * @throws UnusableDatabaseException when the database is away, or is not one of Weir's
   */
  public static ShardDatabase open(DatabaseSettings settings) {
    if (settings.url() == null) {
      throw new IllegalArgumentException("weir.database.url is not set");
    }
    DatabaseUrl url = DatabaseUrl.parse(settings.url());
    new ShardSchema(settings, url).migrate();
    return connect(settings, url);
  }

  /** Makes the pools without asking the database anything yet. */
  static ShardDatabase connect(DatabaseSettings settings, DatabaseUrl url) {
    return new ShardDatabase(settings, url);
  }

  public BackingStore backingStore() {
    return backingStore;
  }

  /** How often a row was passed over because its key is none. */
  public long unreadableRows() {
    return unreadable.met();
  }

  public ShardRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    writes.close();
    reads.close();
  }
}
