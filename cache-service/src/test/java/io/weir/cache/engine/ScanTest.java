package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.kv.Row;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Value;
import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.SlotRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages of what is in the database, with what is dirty over it. */
class ScanTest {

  private static final SlotRange ALL = new SlotRange(0, HashSlots.COUNT - 1);

  private final EngineFixture cache = EngineFixture.of(settings().stripes(4));

  @Test
  void whatIsDirtyCountsMoreThanItsRow() {
    cache.store.insert(key("row"), 1, value("row"));
    cache.store.insert(key("both"), 1, value("old"));
    cache.store.insert(key("deleted"), 1, value("old"));
    cache.put("both", "new");
    cache.put("dirty", "dirty");
    cache.delete("deleted");
    cache.delete("never");

    assertThat(all(100))
        .containsExactlyInAnyOrderEntriesOf(Map.of("row", "row", "both", "new", "dirty", "dirty"));
    assertThat(cache.isResident("row")).isFalse();
  }

  @Test
  void whatIsFlushedAndEvictedBetweenTheTwoLooksIsInOneOfThem() {
    cache.put("k", "v");
    cache.put("gone", "v");
    cache.flush();
    cache.put("k", "newer");
    cache.delete("gone");
    cache.store.beforeScan =
        () -> {
          cache.flush();
          cache.table().drop(key("k"));
        };
    assertThat(all(100)).isEqualTo(Map.of("k", "newer"));
  }

  @Test
  void aRowThatIsNewerThanTheCopyOfTheDirtyEntryCounts() {
    cache.put("k", "dirty");
    cache.store.beforeScan =
        () -> {
          cache.put("k", "newer");
          cache.flush();
        };
    assertThat(all(100)).isEqualTo(Map.of("k", "newer"));
  }

  @Test
  void whatHasExpiredIsLeftOut() {
    long soon = cache.clock.millis() + 1_000;
    cache.store.insert(key("row"), 1, new Value(new byte[1], null, soon));
    cache.write(key("dirty"), new Value(new byte[1], null, soon), Condition.NONE);
    assertThat(all(100)).hasSize(2);
    cache.clock.advance(Duration.ofSeconds(1));
    assertThat(all(100)).isEmpty();
  }

  @Test
  void aRangeIsKeptTo() {
    cache.store.insert(key("a"), 1, value("row"));
    cache.put("b", "dirty");
    for (String only : List.of("a", "b")) {
      int slot = key(only).slot();
      ScanPage page = page(new SlotRange(slot, slot), null, 10, Long.MAX_VALUE);
      assertThat(page.entries()).extracting(row -> row.key().toString()).containsExactly(only);
      assertThat(page.next()).isNull();
    }
  }

  @Test
  void aPageIsBoundedInBytesAndHoldsOneEntryWhateverItsSize() {
    for (int i = 0; i < 10; i++) {
      cache.put("k" + i, "x".repeat(100));
      cache.store.insert(key("r" + i), 1, value("x".repeat(100)));
    }
    ScanPage page = page(ALL, null, 100, 250);
    assertThat(page.entries()).hasSizeBetween(1, 3);
    assertThat(page.next()).isNotNull();
    assertThat(page(ALL, null, 100, 1).entries()).hasSize(1);
    assertThat(all(3)).hasSize(20);
  }

  @Test
  void onlyTheLeaderScans() {
    cache.engine.follow(ReadGuard.ALWAYS);
    assertThatThrownBy(() -> all(1)).isInstanceOf(EngineException.NotLeader.class);
    cache.engine.stepDown("stopped");
    assertThatThrownBy(() -> all(1)).isInstanceOf(EngineException.NotServing.class);
  }

  @Test
  void pagesOfAnySizeMakeTheWholeInOrder() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      EngineFixture shard = EngineFixture.of(settings().stripes(1 << random.nextInt(4)));
      Map<String, String> model = new TreeMap<>();
      for (int i = random.nextInt(120); i > 0; i--) {
        String key = "key" + random.nextInt(60);
        switch (random.nextInt(6)) {
          case 0 -> {
            shard.delete(key);
            model.remove(key);
          }
          case 1 -> shard.flush();
          default -> {
            shard.put(key, "v" + i);
            model.put(key, "v" + i);
          }
        }
      }
      List<Row> rows = rows(shard, 1 + random.nextInt(30), 1 + random.nextInt(40));
      assertThat(rows).as("seed %d", seed).extracting(Row::key).isSortedAccordingTo(RowRange.ORDER);
      assertThat(texts(rows)).as("seed %d", seed).isEqualTo(model);
    }
  }

  private Map<String, String> all(int limit) {
    return texts(rows(cache, limit, Long.MAX_VALUE));
  }

  private static List<Row> rows(EngineFixture cache, int limit, long bytes) {
    List<Row> rows = new ArrayList<>();
    @Nullable Key after = null;
    do {
      ScanPage page = cache.engine.scan(new ScanRequest(new RowRange(ALL, after), limit, bytes));
      assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
      rows.addAll(page.entries());
      after = page.next();
    } while (after != null);
    return rows;
  }

  private static Map<String, String> texts(List<Row> rows) {
    Map<String, String> texts = new TreeMap<>();
    for (Row row : rows) {
      assertThat(texts.put(row.key().toString(), String.valueOf(text(row.what())))).isNull();
    }
    return texts;
  }

  private ScanPage page(SlotRange slots, @Nullable Key after, int limit, long bytes) {
    return cache.engine.scan(new ScanRequest(new RowRange(slots, after), limit, bytes));
  }
}
