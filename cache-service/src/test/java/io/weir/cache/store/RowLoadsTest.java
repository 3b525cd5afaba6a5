package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Value;
import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.SlotRange;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/** Rows of a size that only another program puts in. */
class RowLoadsTest {

  private static final Key KEY = Key.of("large");
  private static final FlushSpan ANY = FlushSpan.from(0);

  @TempDir private Path directory;
  private ShardDatabase database;
  private JdbcTemplate sql;

  @BeforeEach
  void open() {
    DatabaseSettings settings = H2Databases.in(directory);
    database = ShardDatabase.open(settings);
    sql = new JdbcTemplate(StoreContract.dataSource(settings));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void insert(long bytes) {
    sql.update("DELETE FROM kv");
    sql.update(
        "INSERT INTO kv (slot, k, v, version) VALUES (?, ?, ?, 1)",
        KEY.slot(),
        KEY.bytes(),
        new byte[Math.toIntExact(bytes)]);
  }

  @Test
  void theLargestValueThatASettingAllowsIsRead() {
    insert(RowLoads.LARGEST.bytes());
    Value read = database.backingStore().load(KEY, ANY).value();
    assertThat(Objects.requireNonNull(read).bytes()).hasSize(RowLoads.LARGEST.toIntExact());
  }

  @Test
  void aLargerOneIsNotAndTheErrorNamesIt() {
    insert(RowLoads.LARGEST.bytes() + 1);
    BackingStore store = database.backingStore();
    assertThatThrownBy(() -> store.load(KEY, ANY))
        .isInstanceOf(RowTooLargeException.class)
        .hasMessageContaining("'large' has a value of 33554433 bytes");
    RowRange all = new RowRange(new SlotRange(0, HashSlots.COUNT - 1), null);
    assertThat(store.scan(all, 10, 1 << 20, ANY).rows()).isEmpty();
    assertThat(database.unreadableRows()).isOne();
  }
}
