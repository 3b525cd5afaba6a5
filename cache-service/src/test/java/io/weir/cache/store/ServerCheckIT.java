package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a server must be like, on a real one; its settings are the session's, by the URL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerCheckIT {

  private final ServerDatabases databases = new ServerDatabases();

  @AfterAll
  void dropSchemas() {
    databases.close();
  }

  private static DatabaseSettings with(DatabaseSettings settings, String variable) {
    String url = String.valueOf(settings.url());
    return settings.at(
        url + (url.contains("?") ? "&" : "?") + "sessionVariables=" + variable,
        settings.username(),
        settings.password());
  }

  private static JdbcTemplate sql(DatabaseSettings settings) {
    return new JdbcTemplate(StoreContract.dataSource(settings));
  }

  @Test
  void aBinaryLogOfStatementsIsRefusedSinceNoFlushCanWork() {
    DatabaseSettings settings = databases.fresh();
    assumeThat(sql(settings).queryForObject("SELECT @@log_bin", Boolean.class)).isTrue();

    assertThatThrownBy(() -> ShardDatabase.open(with(settings, "binlog_format='STATEMENT'")))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("can take no flush: set its binlog_format to ROW (or MIXED)");

    ShardDatabase.open(with(settings, "binlog_format='MIXED'")).close();
  }

  @Test
  void aSessionThatHidesRowsIsRefused() {
    assertThatThrownBy(() -> ShardDatabase.open(with(databases.fresh(), "sql_select_limit=10")))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("hides rows: sql_select_limit is 10; set it to DEFAULT");
  }

  @Test
  void aTableWithoutTransactionsIsRefused() {
    DatabaseSettings settings = databases.fresh();
    ShardDatabase.open(settings).close();
    sql(settings).execute("ALTER TABLE kv ENGINE = MyISAM");

    assertThatThrownBy(() -> ShardDatabase.open(settings))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("keeps table kv in MyISAM, which has no transactions")
        .hasMessageContaining("ALTER TABLE kv ENGINE = InnoDB");
  }

  @Test
  void aSessionWithEmptyValuesForNoneIsRefused() {
    DatabaseSettings settings = databases.fresh();
    assumeThat(sql(settings).queryForObject("SELECT VERSION()", String.class)).contains("MariaDB");

    assertThatThrownBy(() -> ShardDatabase.open(with(settings, "sql_mode='EMPTY_STRING_IS_NULL'")))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("takes an empty value for none");
  }

  @Test
  void aWritingSessionIsStrictWhateverTheServerSays() {
    DatabaseSettings settings = with(databases.fresh(), "sql_mode=''");
    try (ShardDatabase database = ShardDatabase.open(settings);
        var pool =
            ConnectionPools.writes(settings, DatabaseUrl.parse(String.valueOf(settings.url())))) {
      assertThat(new JdbcTemplate(pool).queryForObject("SELECT @@SESSION.sql_mode", String.class))
          .contains("STRICT_TRANS_TABLES");
      assertThat(database.registry().readOrCreate().generation()).isZero();
    }
  }

  @Test
  void aServerThatIsReadOnlyPasses() {
    DatabaseSettings settings = databases.fresh();
    ShardDatabase.open(settings).close();

    ShardDatabase.open(with(settings, "transaction_read_only=1")).close();
  }
}
