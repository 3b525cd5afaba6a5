package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.kv.Value;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.RowTooLargeException;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.ByteSize;
import io.weir.model.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Misses that wait for the database, and are read together. */
class SharedLoadsTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String FIRST = "first";

  private EngineFixture cache = EngineFixture.of(settings().maxLoads(1, LONG).maxBytes(64 << 20));
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void end() {
    goOn.countDown();
    executor.close();
  }

  private static void pass(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The one turn is taken by a read that stops. */
  private Future<String> stallTheFirst() {
    cache.store.insert(key(FIRST), 1, value("v"));
    cache.store.afterLoad =
        k -> {
          if (k.equals(key(FIRST))) {
            reading.countDown();
            pass(goOn);
          }
        };
    Future<String> first = executor.submit(() -> cache.get(FIRST));
    pass(reading);
    return first;
  }

  private List<Future<String>> readers(int count) {
    List<Future<String>> readers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String key = "k" + i;
      readers.add(executor.submit(() -> cache.get(key)));
    }
    await().until(() -> cache.engine.waitingLoads() == count);
    return readers;
  }

  private void insert(int count) {
    IntStream.range(0, count).forEach(i -> cache.store.insert(key("k" + i), 1, value("v" + i)));
  }

  @Test
  void whoWaitsForNobodyReadsAlone() {
    insert(3);
    for (int i = 0; i < 3; i++) {
      assertThat(cache.get("k" + i)).isEqualTo("v" + i);
    }
    assertThat(cache.store.loads).hasValue(3);
    assertThat(cache.store.statements).isEmpty();
    assertThat(cache.engine.statistics().reads().statements()).isEqualTo(3);
  }

  @Test
  void whoWaitsForATurnIsReadByOneStatement() throws Exception {
    insert(49); // And one that has no row.
    Future<String> first = stallTheFirst();
    List<Future<String>> readers = readers(50);
    goOn.countDown();

    assertThat(first.get()).isEqualTo("v");
    for (int i = 0; i < 49; i++) {
      assertThat(readers.get(i).get()).isEqualTo("v" + i);
    }
    assertThat(readers.get(49).get()).isNull();
    assertThat(cache.store.loads).hasValue(1);
    assertThat(cache.store.statements).hasSize(1);
    assertThat(cache.store.statements.getFirst()).hasSize(50);
    ReadStatistics reads = cache.engine.statistics().reads();
    assertThat(reads.statements()).isEqualTo(2);
    assertThat(reads.loadsFound()).isEqualTo(50);
    assertThat(reads.loadsAbsent()).isOne();
    assertThat(cache.get("k7")).isEqualTo("v7");
    assertThat(cache.engine.statistics().reads().hits()).isOne();
  }

  @Test
  void aStatementHasNoMoreKeysThanItMay() throws Exception {
    int count = BackingStore.MOST_KEYS + 1;
    insert(count);
    var _ = stallTheFirst();
    List<Future<String>> readers = readers(count);
    goOn.countDown();
    for (Future<String> reader : readers) {
      assertThat(reader.get()).startsWith("v");
    }
    assertThat(cache.store.statements).hasSize(1);
    assertThat(cache.store.loads).as("the first, and the one that is over").hasValue(2);
  }

  @Test
  void aRowThatIsLargeOrUnreadableIsReadAloneAndFailsAlone() throws Exception {
    insert(10);
    int half = Math.toIntExact(BackingStore.MOST_BYTES / 2);
    Value large = new Value(new byte[half], null, Value.NEVER);
    cache.store.insert(key("k3"), 1, large);
    cache.store.insert(key("k4"), 1, large);
    cache.store.beforeLoad =
        k -> {
          if (k.equals(key("k4"))) {
            throw new RowTooLargeException(k, half, ByteSize.ofMiB(1));
          }
        };
    var _ = stallTheFirst();
    List<Future<String>> readers = readers(10);
    goOn.countDown();

    assertThat(readers.get(3).get()).hasSize(half);
    assertThatThrownBy(readers.get(4)::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(RowTooLargeException.class);
    for (int i : new int[] {0, 1, 2, 5, 6, 7, 8, 9}) {
      assertThat(readers.get(i).get()).isEqualTo("v" + i);
    }
    assertThat(cache.store.statements).hasSize(1);
    assertThat(cache.store.loads).hasValue(3);
    assertThat(cache.engine.statistics().reads().loadsFailed()).isOne();
  }

  @Test
  void aStatementThatFailsFailsForAllOfItsKeysAndTheNextIsSent() throws Exception {
    insert(5);
    var _ = stallTheFirst();
    List<Future<String>> readers = readers(5);
    cache.store.goDown();
    goOn.countDown();
    for (Future<String> reader : readers) {
      assertThatThrownBy(reader::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StoreUnavailableException.class);
    }
    cache.store.heal();
    assertThat(cache.get("k2")).isEqualTo("v2");
  }

  @Test
  void aKeyWrittenWhileItWaitsAnswersWithTheWrite() throws Exception {
    insert(2);
    var _ = stallTheFirst();
    List<Future<String>> readers = readers(2);
    cache.put("k1", "written");
    goOn.countDown();
    assertThat(readers.get(0).get()).isEqualTo("v0");
    assertThat(readers.get(1).get()).isEqualTo("written");
    assertThat(cache.get("k1")).isEqualTo("written");
  }

  @Test
  void whoWaitsTooLongIsRefusedAndLeavesTheQueue() throws Exception {
    cache = EngineFixture.of(settings().maxLoads(1, Duration.ZERO));
    insert(1);
    Future<String> first = stallTheFirst();
    assertThatThrownBy(() -> cache.get("k0")).isInstanceOf(Overloaded.class);
    assertThat(cache.engine.waitingLoads()).isZero();
    goOn.countDown();
    assertThat(first.get()).isEqualTo("v");
    assertThat(cache.get("k0")).isEqualTo("v0");
  }

  @Test
  void whatNobodyHasAskedForComesLast() throws Exception {
    insert(20);
    List<Key> hot = List.of(key("k10"), key("k11"), key("k12"));
    var _ = stallTheFirst();
    List<Future<String>> readers = readers(3);
    Future<Ahead> ahead =
        executor.submit(() -> cache.engine.loadAhead(hot.iterator(), Long.MAX_VALUE));
    goOn.countDown();
    for (Future<String> reader : readers) {
      assertThat(reader.get()).startsWith("v");
    }
    assertThat(ahead.get().loads()).isEqualTo(3);
    assertThat(cache.store.statements).hasSize(2).last().isEqualTo(hot);
    assertThat(cache.engine.statistics().reads().ahead()).isEqualTo(3);
    assertThat(cache.isResident("k11")).isTrue();
  }

  @Test
  void largeRowsAreLoadedAheadByFewerAStatement() throws Exception {
    List<Key> hot = IntStream.range(0, 100).mapToObj(i -> key("k" + i)).toList();
    hot.forEach(k -> cache.store.insert(k, 1, new Value(new byte[20 << 10], null, Value.NEVER)));
    Ahead ahead = cache.engine.loadAhead(hot.iterator(), Long.MAX_VALUE);
    assertThat(ahead.loads()).isEqualTo(100);
    assertThat(cache.store.statements).hasSizeLessThan(10);
    assertThat(cache.store.loads).hasValueLessThan(3);
  }

  @Test
  void whoJoinsALoadAheadThatGivesWayReadsForHimself() throws Exception {
    Value large = new Value(new byte[20 << 10], null, Value.NEVER);
    List<Key> hot = List.of(key("k0"), key("k1"), key("k2"));
    hot.forEach(k -> cache.store.insert(k, 1, large));
    cache.store.insert(key("k0"), 1, new Value(new byte[600 << 10], null, Value.NEVER));
    cache.store.insert(key("waits"), 1, value("v"));
    cache.store.afterLoad =
        k -> {
          if (k.equals(key("k2"))) {
            reading.countDown();
            pass(goOn);
          }
        };
    Future<Ahead> ahead =
        executor.submit(() -> cache.engine.loadAhead(hot.iterator(), Long.MAX_VALUE));
    pass(reading);
    Future<String> joined = executor.submit(() -> cache.get("k0"));
    Future<String> waits = executor.submit(() -> cache.get("waits"));
    await().until(() -> cache.engine.waitingLoads() == 1);
    goOn.countDown();
    assertThat(ahead.get().loads()).as("none once a client waits").isEqualTo(2);
    assertThat(waits.get()).isEqualTo("v");
    assertThat(joined.get()).hasSize(600 << 10);
  }

  @Test
  void onlyWhatIsNotResidentIsLoadedAhead() throws Exception {
    insert(4);
    assertThat(cache.get("k1")).isEqualTo("v1");
    cache.put("k2", "dirty");
    Ahead ahead =
        cache.engine.loadAhead(
            List.of(key("k0"), key("k1"), key("k2"), key("k3")).iterator(), Long.MAX_VALUE);
    assertThat(ahead.loads()).isEqualTo(2);
    assertThat(cache.store.statements).containsExactly(List.of(key("k0"), key("k3")));
    assertThat(ahead.keptBytes()).isGreaterThan(ahead.loadedBytes());
    assertThat(cache.get("k2")).isEqualTo("dirty");
  }

  @Test
  void aRowLoadedAheadOfAWriteGivesWayToIt() throws Exception {
    insert(2);
    cache.store.afterLoad = k -> cache.put("k0", "written meanwhile");
    Ahead ahead = cache.engine.loadAhead(List.of(key("k0"), key("k1")).iterator(), Long.MAX_VALUE);
    cache.store.heal();
    assertThat(ahead.loads()).isEqualTo(2);
    assertThat(cache.get("k0")).isEqualTo("written meanwhile");
    assertThat(text(cache.read(key("k1"), false).what())).isEqualTo("v1");
  }

  @Test
  void theKeysUsedLastAreTheHotOnesWithinABound() {
    insert(10);
    for (int i = 0; i < 10; i++) {
      cache.get("k" + i);
    }
    cache.get("k2");
    assertThat(cache.engine.hotKeys(3, 1 << 10)).containsExactly(key("k2"), key("k9"), key("k8"));
    assertThat(cache.engine.hotKeys(10, 5)).containsExactly(key("k2"), key("k9"));
    cache.engine.touch(List.of(key("k0"), key("gone"), key("k1")));
    assertThat(cache.engine.hotKeys(2, 1 << 10)).containsExactly(key("k1"), key("k0"));
  }
}
