package io.weir.cache.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Empty H2 databases in files. */
final class H2Databases {

  private H2Databases() {}

  static DatabaseSettings in(Path directory) {
    return DatabaseSettingsTest.bind(Map.of())
        .orInProcess(directory.resolve(UUID.randomUUID().toString()));
  }
}
