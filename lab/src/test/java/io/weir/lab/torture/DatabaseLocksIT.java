package io.weir.lab.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.testing.TestDatabase;
import io.weir.testing.TestSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabaseLocksIT {

  private final TestSchema schema = TestDatabase.createSchema("locks");
  private DatabaseLocks locks;
  private Connection other;

  @BeforeEach
  void makeTable() throws SQLException {
    Connection connection =
        DriverManager.getConnection(schema.url(), schema.username(), schema.password());
    other = connection;
    run("CREATE TABLE kv (slot SMALLINT UNSIGNED, k VARBINARY(250), v INT, PRIMARY KEY (slot, k))");
    run("SET SESSION innodb_lock_wait_timeout = 1, lock_wait_timeout = 1");
    locks = new DatabaseLocks(url(), new Random(1));
  }

  private String url() {
    return schema.url()
        + (schema.url().contains("?") ? "&" : "?")
        + "user="
        + schema.username()
        + "&password="
        + schema.password();
  }

  @AfterEach
  void dropSchema() throws SQLException {
    other.close();
    schema.close();
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }

  private void insert(int slot, String key) throws SQLException {
    try (PreparedStatement insert = other.prepareStatement("INSERT INTO kv VALUES (?, ?, 1)")) {
      insert.setInt(1, slot);
      insert.setBytes(2, key.getBytes(UTF_8));
      insert.execute();
    }
  }

  /** Whether a statement has to wait for another session. */
  private boolean waits(String sql) {
    try {
      run(sql);
      return false;
    } catch (SQLException e) {
      assertThat(e.getErrorCode()).isEqualTo(1205);
      return true;
    }
  }

  @Test
  void aRowIsHeldAndNoOther() throws Exception {
    insert(1, "a");
    insert(9, "b");
    String held =
        locks.row(() -> {
          boolean a = waits("UPDATE kv SET v = v + 1 WHERE slot = 1 AND k = 'a'");
          boolean b = waits("UPDATE kv SET v = v + 1 WHERE slot = 9 AND k = 'b'");
          assertThat(a).isNotEqualTo(b);
        });
    assertThat(held).isIn("a", "b");
    assertThat(waits("UPDATE kv SET v = v + 1")).isFalse();
  }

  @Test
  void whereThereIsNoRowNoneIsHeld() throws Exception {
    assertThat(
            locks.row(() -> {
              throw new AssertionError("nothing is held");
            }))
        .isNull();
  }

  @Test
  void aGapIsHeldAndNotWhatLiesFarFromIt() throws Exception {
    for (int slot = 0; slot < 16_384; slot += 512) {
      insert(slot, "k");
    }
    int[] waited = {0};
    String held =
        locks.gap(() -> {
          for (int slot = 100; slot < 16_384; slot += 2_048) {
            waited[0] += waits("INSERT INTO kv VALUES (" + slot + ", 'new', 1)") ? 1 : 0;
          }
        });
    assertThat(held).matches("slots \\d+ to \\d+");
    assertThat(waited[0]).isBetween(1, 4);
  }

  @Test
  void theTableIsHeldAgainstReadersToo() throws Exception {
    assertThat(locks.table(() -> assertThat(waits("SELECT 1 FROM kv")).isTrue()))
        .isEqualTo("table kv");
    assertThat(waits("SELECT 1 FROM kv")).isFalse();
  }

  @Test
  void allWaitForAnAlterationThatWaitsForATransaction() throws Exception {
    for (int i = 0; i < 4; i++) {
      String how =
          locks.alter(() -> {
            await().until(this::isAltering);
            assertThat(waits("SELECT 1 FROM kv")).isTrue();
          });
      assertThat(how).startsWith("ALGORITHM = ");
    }
    assertThat(waits("SELECT 1 FROM kv")).isFalse();
  }

  private boolean isAltering() throws SQLException {
    try (Statement statement = other.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COUNT(*) FROM information_schema.processlist"
                    + " WHERE info LIKE 'ALTER TABLE kv%' AND state LIKE '%metadata lock%'")) {
      return row.next() && row.getInt(1) > 0;
    }
  }
}
