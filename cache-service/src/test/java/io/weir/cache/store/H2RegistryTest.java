package io.weir.cache.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2RegistryTest extends RegistryContract {

  @TempDir static Path directory;

  @Override
  DatabaseSettings freshDatabase() {
    return H2Databases.in(directory);
  }
}
