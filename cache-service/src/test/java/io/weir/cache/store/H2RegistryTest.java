package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2RegistryTest extends RegistryContract {

  @TempDir static Path directory;

  @Override
  DatabaseSettings freshDatabase() {
    return H2Databases.in(directory);
  }

  @Test
  void itHasNoNameForTheServer() {
    try (ShardDatabase database = ShardDatabase.open(freshDatabase())) {
      assertThat(database.registry().server()).isEmpty();
    }
  }

  /** A database that is closed while it is being opened comes up in H2's own mode, seldom. */
  @Test
  void eachSessionSetsTheModeItself() {
    DatabaseSettings settings = freshDatabase();
    DatabaseUrl url = DatabaseUrl.parse(Objects.requireNonNull(settings.url()));
    assertThat(ConnectionPools.timed(settings, url).text()).endsWith(";INIT=SET MODE MySQL");
  }
}
