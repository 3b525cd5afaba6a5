package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.journal.JournalException;
import io.weir.model.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** All keys, page by page. */
class KeyPagesTest {

  private static final JournalException OPEN = new JournalException.OutcomeOpen("as it is to");

  private final KeyFixture keys = new KeyFixture();
  private final EngineFixture fixture = keys.fixture;
  private KeyPages pages = anew();

  private KeyPages anew() {
    return new KeyPages(fixture.engine, keys.ownership, new ScanTurns(Duration.ZERO));
  }

  @Test
  void aScanGivesEveryKeyOnce() {
    Set<String> own = putMany(2_000);
    List<String> all = scan(10);
    assertThat(all).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(all)).isEqualTo(own);
  }

  @Test
  void aScanFindsWhatIsInTheDatabaseAlone() {
    Set<String> own = putMany(300);
    fixture.flush();
    fixture.engine.dropClean();
    assertThat(new TreeSet<>(scan(7))).isEqualTo(own);
  }

  @Test
  void aPageEndsWithASlot() {
    putMany(2_000);
    long cursor = ScanCursors.START;
    do {
      KeyPages.Page page = pages.next(cursor, 10);
      cursor = page.cursor();
      assertThat(cursor).as("a slot").isLessThan(16_384);
      assertThat(page.keys()).hasSizeLessThan(40);
    } while (cursor != ScanCursors.START);
  }

  @Test
  void aHugeSlotComesInParts() {
    Set<String> huge = putHuge(9_000);
    List<String> all = new ArrayList<>();
    long cursor = ScanCursors.START;
    int parts = 0;
    do {
      KeyPages.Page page = pages.next(cursor, 10);
      page.keys().forEach(key -> all.add(key.toString()));
      assertThat(page.keys()).hasSizeLessThan(6_000);
      cursor = page.cursor();
      parts++;
    } while (cursor != ScanCursors.START);
    assertThat(parts).isGreaterThan(2);
    assertThat(all).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(all)).isEqualTo(huge);
  }

  @Test
  void aCursorOfAnotherProcessMissesNothing() {
    Set<String> huge = putHuge(6_000);
    KeyPages.Page first = pages.next(ScanCursors.START, 10);
    assertThat(first.cursor()).isGreaterThan(16_383);
    pages = anew();
    Set<String> all = new TreeSet<>(scanFrom(first.cursor(), 10));
    first.keys().forEach(key -> all.add(key.toString()));
    assertThat(all).isEqualTo(huge);
  }

  @Test
  void whatIsThereAllTheTimeComesWhateverElseHappens() {
    long seed = System.nanoTime();
    System.out.println("KeyPagesTest seed " + seed);
    Random random = new Random(seed);
    Set<String> stay = putMany(800);
    stay.addAll(putHuge(4_500));
    Set<String> seen = new HashSet<>();
    long cursor = ScanCursors.START;
    do {
      KeyPages.Page page = pages.next(cursor, 1 + random.nextInt(200));
      page.keys().forEach(key -> seen.add(key.toString()));
      cursor = page.cursor();
      for (int i = 0; i < 20; i++) {
        String other = "other-" + random.nextInt(500);
        if (random.nextBoolean()) {
          fixture.put(other, "v");
        } else {
          fixture.delete(other);
        }
      }
      if (random.nextInt(10) == 0) {
        fixture.flush();
      }
      if (random.nextInt(10) == 0) {
        fixture.engine.dropClean();
      }
    } while (cursor != ScanCursors.START);
    assertThat(seen).as("seed " + seed).containsAll(stay);
  }

  @Test
  void expiredKeysAreNotShown() {
    keys.call("SET k v PX 10");
    keys.call("SET b v");
    fixture.clock.advance(Duration.ofMillis(10));
    assertThat(scan(10)).containsExactly("b");
    assertThat(pages.estimate()).isEqualTo(1);
    assertThat(pages.any()).isEqualTo(Key.of("b"));
  }

  @Test
  void aCursorBeyondTheOwnSlotsIsTheEnd() {
    keys.call("SET k v");
    assertThat(pages.next(16_383, 10)).isEqualTo(new KeyPages.Page(List.of(), ScanCursors.START));
  }

  @Test
  void fewKeysAreCountedExactly() {
    assertThat(pages.estimate()).isZero();
    Set<String> own = putMany(900);
    assertThat(pages.estimate()).isEqualTo(own.size());
  }

  @Test
  void manyKeysAreEstimated() {
    Set<String> own = putMany(12_000);
    double ratio = (double) pages.estimate() / own.size();
    assertThat(ratio).isBetween(0.7, 1.3);
  }

  @Test
  void anyKeyIsDrawnByLot() {
    assertThat(pages.any()).isNull();
    keys.call("SET b v");
    keys.call("SET k v");
    Set<@Nullable Key> drawn = new HashSet<>();
    for (int i = 0; i < 300; i++) {
      drawn.add(pages.any());
    }
    assertThat(drawn).containsExactlyInAnyOrder(Key.of("b"), Key.of("k"));
  }

  @Test
  void fewReadAllKeysAtOnce() throws InterruptedException {
    CountDownLatch waiting = new CountDownLatch(4);
    CountDownLatch end = new CountDownLatch(1);
    fixture.store.beforeScan =
        () -> {
          waiting.countDown();
          await(end);
        };
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++) {
        threads.execute(() -> pages.next(ScanCursors.START, 10));
      }
      waiting.await();
      assertThatThrownBy(() -> pages.next(ScanCursors.START, 10))
          .hasMessageStartingWith("TRYAGAIN ");
      end.countDown();
    }
    assertThat(pages.next(ScanCursors.START, 10).keys()).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void keysLooksAtABoundedNumber() {
    for (int i = 0; i < KeyFixture.MOST_KEYS; i++) {
      fixture.put("{k}" + i, "v");
    }
    assertThat(keys.call("KEYS {k}1?")).isEqualTo("[" + numbered(10, 20) + "]");
    fixture.put("{k}more", "v");
    assertThat(keys.call("KEYS none")).startsWith("ERR KEYS looks at").endsWith("use SCAN");
  }

  private static String numbered(int from, int to) {
    return String.join(", ", IntStream.range(from, to).mapToObj(i -> "\"{k}" + i + '"').toList());
  }

  @Test
  void aFlushDeletesWhateverThereIs() {
    putMany(1_500);
    fixture.flush();
    fixture.engine.dropClean();
    putHuge(1_500);
    assertThat(keys.call("FLUSHALL")).isEqualTo("OK");
    assertThat(scan(1_000)).isEmpty();
    assertThat(keys.call("DBSIZE")).isEqualTo("0");
  }

  @Test
  void aFlushThatEndsHalfWaySaysHowMuchIsDone() {
    putHuge(2_500);
    fixture.onAppend = first -> fixture.onAppend = second -> fixture.refusal = OPEN;
    assertThat(keys.call("FLUSHALL"))
        .matches("ERR \\d+ keys are deleted, others may be left: .*as it is to.*");
    assertThat(keys.call("FLUSHALL")).as("nothing is done").doesNotContain("are deleted");
    fixture.onAppend = any -> {};
    fixture.refusal = null;
    assertThat(keys.call("FLUSHALL")).isEqualTo("OK");
  }

  @Test
  void aFlushIsRefusedUnlessItIsAllowed() {
    KeyFixture guarded = new KeyFixture(false);
    guarded.call("SET k v");
    assertThat(guarded.call("FLUSHALL")).startsWith("ERR ").contains("weir.fast.allow-flush");
    assertThat(guarded.call("FLUSHDB ASYNC")).startsWith("ERR ");
    assertThat(guarded.call("GET k")).isEqualTo("\"v\"");
    assertThat(guarded.spec("flushall").access()).isEqualTo(CommandSpec.Access.OPERATE);
  }

  private List<String> scan(int count) {
    return scanFrom(ScanCursors.START, count);
  }

  private List<String> scanFrom(long from, int count) {
    List<String> all = new ArrayList<>();
    long cursor = from;
    do {
      KeyPages.Page page = pages.next(cursor, count);
      page.keys().forEach(key -> all.add(key.toString()));
      cursor = page.cursor();
    } while (cursor != ScanCursors.START);
    return all;
  }

  /** Puts keys of all slots, and returns those of this server's. */
  private Set<String> putMany(int count) {
    Set<String> own = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      String key = "key-" + i;
      fixture.put(key, "v");
      if (keys.ownership.owns(Key.of(key).slot())) {
        own.add(key);
      }
    }
    return own;
  }

  /** Puts keys of one slot. */
  private Set<String> putHuge(int count) {
    Set<String> all = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      fixture.put("{k}" + i, "v");
      all.add("{k}" + i);
    }
    return all;
  }
}
