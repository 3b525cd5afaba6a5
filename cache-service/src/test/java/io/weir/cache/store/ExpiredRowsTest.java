package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.Key;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

class ExpiredRowsTest {

  @TempDir Path directory;
  private ShardDatabase database;
  private JdbcTemplate sql;
  private ExpiredRows expired;

  @BeforeEach
  void open() {
    DatabaseSettings settings = H2Databases.in(directory);
    database = ShardDatabase.open(settings);
    sql = new JdbcTemplate(StoreContract.dataSource(settings));
    expired = new ExpiredRows(sql, new UnreadableRows());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void insert(String key, long expiresAt) {
    sql.update(
        "INSERT INTO kv (slot, k, v, expires_at, version) VALUES (?, ?, 'v', ?, 1)",
        Key.of(key).slot(),
        Key.of(key).bytes(),
        expiresAt);
  }

  @Test
  void afterAFullBatchItGoesOnBehindItAndBeginsAnewWhenNoMoreAreFound() {
    for (int i = 1; i <= 5; i++) {
      insert("k" + i, i);
    }
    assertThat(expired.before(100, 2)).containsExactly(Key.of("k1"), Key.of("k2"));
    insert("late", 1);
    assertThat(expired.before(100, 2)).containsExactly(Key.of("k3"), Key.of("k4"));
    assertThat(expired.before(100, 2)).containsExactly(Key.of("k5"));

    assertThat(expired.before(100, 4))
        .containsExactlyInAnyOrder(Key.of("k1"), Key.of("late"), Key.of("k2"), Key.of("k3"));
  }

  @Test
  void manyUnreadableRowsArePassedAFewLooksAtATime() {
    for (int i = 0; i < 3 * ExpiredRows.LOOKS; i++) {
      sql.update(
          "INSERT INTO kv (slot, k, v, expires_at, version) VALUES (0, ?, 'v', 1, 0)",
          new byte[] {(byte) 0xFF, (byte) i});
    }
    insert("readable", 2);

    assertThat(expired.before(100, 2)).isEmpty();
    assertThat(expired.before(100, 2)).containsExactly(Key.of("readable"));
  }
}
