package io.weir.master.registry;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A registry over a database of a test's own, without the rest of a master. */
public final class RegistryFixture implements AutoCloseable {

  private final HikariDataSource pool = new HikariDataSource();
  private final Registry registry;

  private RegistryFixture(String url, String username, String password, MasterSettings settings) {
    pool.setJdbcUrl(RegistryUrl.complete(url));
    pool.setUsername(username);
    pool.setPassword(password);
    Flyway.configure().dataSource(pool).locations("classpath:db/registry").load().migrate();
    try (Connection connection = pool.getConnection()) {
      DatabaseClock clock = DatabaseClock.of(connection.getMetaData().getDatabaseProductName());
      registry =
          RegistryConfiguration.registry(pool, new JdbcTransactionManager(pool), clock, settings);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    registry.current();
  }

  /** A registry in memory. */
  public static RegistryFixture inMemory(int shards, Duration lease) {
    return on("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "", shards, lease);
  }

  /** One more master's view of a database. */
  public static RegistryFixture on(
      String url, String username, String password, int shards, Duration lease) {
    return new RegistryFixture(
        url,
        username,
        password,
        new MasterSettings(
            shards, true, lease, lease.dividedBy(3), Duration.ofMillis(100), false, 100));
  }

  public Registry registry() {
    return registry;
  }

  /** Empties it, as if it had been lost. */
  public void reset() {
    JdbcClient jdbc = JdbcClient.create(pool);
    jdbc.sql("DELETE FROM node").update();
    jdbc.sql("DELETE FROM node_figures").update();
    jdbc.sql("DELETE FROM shard").update();
    jdbc.sql("DELETE FROM cluster_event").update();
    jdbc.sql("UPDATE registry SET cluster_id = NULL, shards = NULL, adopted = FALSE, version = 0")
        .update();
    registry.current();
  }

  /** Deletes all rows, and leaves the tables, as an operator might. */
  public void deleteRows() {
    JdbcClient jdbc = JdbcClient.create(pool);
    for (String table : new String[] {"node", "shard", "cluster_event", "registry"}) {
      jdbc.sql("DELETE FROM " + table).update();
    }
  }

  /** Has time pass by the database's clock, as far as leases and proofs go. */
  public void passes(Duration time) {
    JdbcClient jdbc = JdbcClient.create(pool);
    for (String earlier :
        new String[] {
          "UPDATE node SET lease_until = lease_until - ?",
          "UPDATE shard SET proof_from = proof_from - ?"
        }) {
      jdbc.sql(earlier).param(time.toMillis()).update();
    }
  }

  /** Brings its one row back. */
  public void restoreRow() {
    JdbcClient.create(pool)
        .sql("INSERT INTO registry (one, adopted, version) VALUES (1, FALSE, 0)")
        .update();
  }

  @Override
  public void close() {
    pool.close();
  }
}
