package io.weir.cache.store;

import io.weir.testing.TestDatabase;
import io.weir.testing.TestSchema;
import java.util.ArrayList;
import java.util.List;

/** Empty schemas of the real server, dropped together. */
final class ServerDatabases implements AutoCloseable {

  private final List<TestSchema> schemas = new ArrayList<>();

  DatabaseSettings fresh() {
    TestSchema schema = TestDatabase.createSchema("store");
    schemas.add(schema);
    return last();
  }

  /** The schema that was made last. */
  DatabaseSettings last() {
    TestSchema schema = schemas.getLast();
    return DatabaseSettingsTest.patient().at(schema.url(), schema.username(), schema.password());
  }

  /** Drops the schema that was made last. */
  void dropLast() {
    schemas.removeLast().close();
  }

  @Override
  public void close() {
    schemas.forEach(TestSchema::close);
  }
}
