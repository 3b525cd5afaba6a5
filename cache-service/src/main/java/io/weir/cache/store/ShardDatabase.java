package io.weir.cache.store;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open database of one shard: its pools, and what speaks through them. Closing it closes the
 * connections; flush first.
 *
 * <p>It may be opened while the database does not answer. Until {@link ShardRegistry#prepare} has
 * brought the tables up to date nothing else is asked of it.
 */
public final class ShardDatabase implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardDatabase.class);

  private final HikariDataSource reads;
  private final HikariDataSource writes;
  private final UnreadableRows unreadable = new UnreadableRows();
  private final JdbcBackingStore backingStore;
  private final JdbcShardRegistry registry;

  private ShardDatabase(DatabaseSettings settings, DatabaseUrl url, Preparation preparation) {
    this.reads = ConnectionPools.reads(settings, url);
    this.writes = ConnectionPools.writes(settings, url);
    SqlFailures failures = new SqlFailures(url);
    DataSource preparedReads = preparation.before(reads);
    Sessions sessions = new Sessions(reads, writes, url.dialect(), System::nanoTime);
    LockWaits waits = new LockWaits(url.dialect(), settings);
    FencedTransactions fenced =
        new FencedTransactions(preparation.before(writes), waits, failures, sessions::leaveServer);
    DataSource newSessions = preparation.before(ConnectionPools.unpooled(settings, url));
    this.backingStore =
        new JdbcBackingStore(
            preparedReads,
            newSessions,
            settings.socketTimeout(),
            unreadable,
            fenced,
            sessions,
            waits,
            failures);
    this.registry =
        new JdbcShardRegistry(preparedReads, fenced, sessions, failures, url, preparation);
  }

  /**
   * Connects, and creates or upgrades the tables.
   *
   * @param settings with a URL
   * @throws UnusableDatabaseException when the database is away, or is not one of Weir's
   */
  public static ShardDatabase open(DatabaseSettings settings) {
    DatabaseUrl url = url(settings);
    new ShardSchema(settings, url).migrate();
    return connect(settings, url);
  }

  /**
   * The same, but that a database which merely does not answer is asked again later.
   *
   * @throws UnusableDatabaseException when it answers, and cannot be used as it is
   */
  static ShardDatabase openOrWait(DatabaseSettings settings) {
    DatabaseUrl url = url(settings);
    Preparation preparation = new Preparation(new ShardSchema(settings, url));
    try {
      preparation.run();
    } catch (UnusableDatabaseException e) {
      if (!e.isAway()) {
        throw e;
      }
      LOG.warn("{}; there is a journal: it is served from that meanwhile", e.getMessage());
    }
    return new ShardDatabase(settings, url, preparation);
  }

  private static DatabaseUrl url(DatabaseSettings settings) {
    if (settings.url() == null) {
      throw new IllegalArgumentException("weir.database.url is not set");
    }
    return DatabaseUrl.parse(settings.url());
  }

  /** Makes the pools without asking the database anything yet. */
  static ShardDatabase connect(DatabaseSettings settings, DatabaseUrl url) {
    return new ShardDatabase(settings, url, Preparation.DONE);
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
