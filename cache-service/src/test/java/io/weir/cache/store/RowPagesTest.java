package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.RowRange;
import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.SlotRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/** How many values' sizes a page asks the database for, which may have to read them all for it. */
class RowPagesTest {

  private static final RowRange ALL = new RowRange(new SlotRange(0, HashSlots.COUNT - 1), null);
  private static final int PAGE_BYTES = 20_000;

  @TempDir Path directory;
  private ShardDatabase database;
  private CountingTemplate sql;
  private final UnreadableRows unreadable = new UnreadableRows();
  private RowPages pages;

  @BeforeEach
  void open() {
    DatabaseSettings settings = H2Databases.in(directory);
    database = ShardDatabase.open(settings);
    sql = new CountingTemplate(StoreContract.dataSource(settings));
    pages = new RowPages(sql, unreadable);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void insert(int rows, IntUnaryOperator size) {
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      keys.add(Key.of("k" + i));
    }
    keys.sort(RowRange.ORDER);
    for (int i = 0; i < rows; i++) {
      sql.update(
          "INSERT INTO kv (slot, k, v, version) VALUES (?, ?, ?, 1)",
          keys.get(i).slot(),
          keys.get(i).bytes(),
          new byte[size.applyAsInt(i)]);
    }
  }

  private RowPage page(RowRange range, int maxRows) {
    sql.statements = 0;
    sql.sizes = 0;
    return pages.page(range, maxRows, PAGE_BYTES, FlushSpan.from(0));
  }

  @Test
  void aPageOfLargeValuesAsksForNoMoreSizesThanItHasRoomFor() {
    insert(300, i -> 10_000);
    @Nullable Key after = null;
    int rows = 0;
    do {
      RowPage page = page(new RowRange(ALL.slots(), after), 1_000);
      assertThat(sql.sizes).isLessThanOrEqualTo(2);
      rows += page.rows().size();
      after = page.end();
    } while (after != null);
    assertThat(rows).isEqualTo(300);
  }

  @Test
  void aPageOfSmallValuesTakesFewStatements() {
    insert(1_100, i -> 10);

    assertThat(page(ALL, 1_000).rows()).hasSize(1_000);
    assertThat(sql.sizes).isEqualTo(1_000);
    // At each step but the first the rest of a slot, and then the slots after it.
    assertThat(sql.statements).isEqualTo(7);
  }

  @Test
  void largeValuesAmongSmallOnesAreMetByFew() {
    insert(600, i -> i < 10 ? 1 : 10_000);

    assertThat(page(ALL, 1_000).rows()).hasSize(11);
    assertThat(sql.sizes).isLessThanOrEqualTo(16);
  }

  /** Or nothing of its range could be listed or exported any more. */
  @Test
  void aValueThatIsTooLargeToBeReadIsPassedOverAndCounted() {
    int most = Math.toIntExact(RowLoads.LARGEST.bytes());
    insert(5, i -> i == 2 ? most + 1 : 10);
    List<Key> keys = new ArrayList<>();
    @Nullable Key after = null;
    do {
      RowPage page = page(new RowRange(ALL.slots(), after), 2);
      page.rows().forEach(row -> keys.add(row.key()));
      after = page.end();
    } while (after != null);
    assertThat(keys).hasSize(4).isSortedAccordingTo(RowRange.ORDER);
    assertThat(unreadable.met()).isPositive();
  }

  @Test
  void stepsGrowWithWhatIsSeenAndEndWithThePage() {
    assertThat(RowPages.step(0, 0, 1_000, 20_000)).isEqualTo(2);
    assertThat(RowPages.step(0, 0, 1, 20_000)).isEqualTo(1);
    assertThat(RowPages.step(2, 20, 998, 19_980)).isEqualTo(14);
    assertThat(RowPages.step(2, 0, 998, 20_000)).isEqualTo(14);
    assertThat(RowPages.step(128, 1_280, 300, 18_720)).isEqualTo(300);
    assertThat(RowPages.step(2, 10_000, 998, 10_000)).isEqualTo(2);
    assertThat(RowPages.step(2, 19_999, 998, 1)).isEqualTo(1);
    assertThat(RowPages.step(2, 20, 998, 0)).isEqualTo(1);
  }

  /** Counts the statements that ask for sizes, and what they answer. */
  private static final class CountingTemplate extends JdbcTemplate {

    private int statements;
    private int sizes;

    CountingTemplate(DataSource dataSource) {
      super(dataSource);
    }

    @Override
    public void query(String sql, RowCallbackHandler handler, @Nullable Object @Nullable ... args) {
      statements++;
      // The number of the flush is one more row.
      sizes--;
      super.query(
          sql,
          row -> {
            sizes++;
            handler.processRow(row);
          },
          args);
    }
  }
}
