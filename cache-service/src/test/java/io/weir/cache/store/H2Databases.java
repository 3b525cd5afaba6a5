package io.weir.cache.store;

import java.nio.file.Path;
import java.util.UUID;

/** Empty H2 databases in files. */
final class H2Databases {

  private H2Databases() {}

  static DatabaseSettings in(Path directory) {
    return DatabaseSettingsTest.patient()
        .orInProcess(directory.resolve(UUID.randomUUID().toString()));
  }
}
