package io.weir.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class RealDatabaseIT {

  @Test
  void aSchemaIsThereUntilItIsClosed() throws SQLException {
    TestSchema schema = TestDatabase.createSchema("it");
    try (schema;
        Connection connection = DriverManager.getConnection(schema.urlWithCredentials());
        Statement statement = connection.createStatement()) {
      assertThat(connection.getCatalog()).isEqualTo(schema.name());
      statement.execute("CREATE TABLE t (i INT)");
    }

    assertThatThrownBy(() ->
            DriverManager.getConnection(schema.url(), schema.username(), schema.password()).close())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("Unknown database");
  }
}
