package io.weir.cache.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2StoreTest extends StoreContract {

  @TempDir static Path directory;

  @Override
  DatabaseSettings freshDatabase() {
    return H2Databases.in(directory);
  }

  @Override
  String poisonConstraint() {
    return "ALTER TABLE kv ADD CONSTRAINT poison CHECK (OCTET_LENGTH(v) <> 7)";
  }
}
