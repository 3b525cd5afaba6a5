package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  @Test
  void aDatabaseThatDoesNotExistIsRefusedWithASentence() {
    DatabaseSettings gone = databases.fresh();
    databases.dropLast();

    assertThatThrownBy(() -> ShardDatabase.open(gone))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("does not exist; create it first");
  }
}
