package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.model.DatabaseServer;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class RegistryIT extends RegistryContract {

  private final ServerDatabases databases = new ServerDatabases();

  @Override
  DatabaseSettings freshDatabase() {
    return databases.fresh();
  }

  @AfterAll
  void dropSchemas() {
    databases.close();
  }

  /** H2 has no such number. */
  @Test
  void aVersionBeyond63BitsIsCountedAsAboveTheBound() {
    try (ShardDatabase database = ShardDatabase.open(databases.fresh())) {
      JdbcTemplate jdbc = new JdbcTemplate(StoreContract.dataSource(databases.last()));
      jdbc.update("INSERT INTO kv (slot, k, v, version) VALUES (0, 'a', '', 18446744073709551615)");
      jdbc.update("INSERT INTO kv (slot, k, v, version) VALUES (1, 'b', '', 5)");

      assertThat(database.registry().rowVersions(1L << 62))
          .contains(new ShardRegistry.RowVersions(5, 1));
    }
  }

  /** MariaDB calls it otherwise, and an older one not at all. */
  @Test
  void theServerIsToldByItsOwnName() {
    try (ShardDatabase database = ShardDatabase.open(databases.fresh())) {
      JdbcTemplate jdbc = new JdbcTemplate(StoreContract.dataSource(databases.last()));
      boolean isMariaDb =
          Objects.requireNonNull(jdbc.queryForObject("SELECT VERSION()", String.class))
              .contains("MariaDB");
      String name =
          jdbc
              .queryForList(
                  "SHOW GLOBAL VARIABLES LIKE '%s'"
                      .formatted(isMariaDb ? "server_uid" : "server_uuid"))
              .stream()
              .map(row -> String.valueOf(row.get("Value")))
              .findFirst()
              .orElse("");
      assertThat(database.registry().server().map(DatabaseServer::value).orElse(""))
          .isEqualTo(name);
      assertThat(isMariaDb || name.length() == 36).isTrue();
    }
  }

  @Test
  void aDatabaseThatDoesNotExistIsRefusedWithASentence() {
    DatabaseSettings gone = databases.fresh();
    databases.dropLast();

    assertThatThrownBy(() -> ShardDatabase.open(gone))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("does not exist; create it first");
  }
}
