package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

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

  @Test
  void aDatabaseThatDoesNotExistIsRefusedWithASentence() {
    DatabaseSettings gone = databases.fresh();
    databases.dropLast();

    assertThatThrownBy(() -> ShardDatabase.open(gone))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("does not exist; create it first");
  }
}
