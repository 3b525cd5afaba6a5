package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeTicker;
import io.weir.cache.engine.Weights;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** That a commit carries much, whatever the reason for it: age, bytes or eviction. */
class WholeBatchesTest {

  private static final Duration MAX_AGE = Duration.ofSeconds(5);
  private static final int ENTRY = Weights.ofDirty(key("k-00000"), value("v"));

  private static WriteBackFixture of(
      EngineFixture.Settings settings, long lowWatermarkBytes, int batchEntries, Duration settle) {
    return WriteBackFixture.of(
        settings,
        new FakeTicker(),
        new FlushSettings(
            MAX_AGE,
            lowWatermarkBytes,
            batchEntries,
            1 << 20,
            settle,
            Duration.ofMillis(100),
            Duration.ofSeconds(1)));
  }

  private static WriteBackFixture of(long lowWatermarkBytes, int batchEntries) {
    return of(settings(), lowWatermarkBytes, batchEntries, Duration.ZERO);
  }

  private static String name(int n) {
    return "k-%05d".formatted(n);
  }

  private static int flushAllThatIsDue(WriteBackFixture fixture) {
    int flushes = 0;
    while (fixture.writeBack.flushDue()) {
      flushes++;
    }
    return flushes;
  }

  private static List<Integer> sizes(WriteBackFixture fixture) {
    return fixture.cache.store.commits.stream().map(List::size).toList();
  }

  private static long dirtyEntries(WriteBackFixture fixture) {
    return fixture.cache.engine.statistics().dirty().entries();
  }

  @Test
  void fiftyWritesASecondAreOneTransactionInFourSeconds() {
    WriteBackFixture slow = of(Long.MAX_VALUE, 1_000);
    Duration oldest = Duration.ZERO;
    for (int i = 0; i < 50 * 60; i++) {
      slow.cache.put(name(i), "v");
      slow.advance(Duration.ofMillis(20));
      flushAllThatIsDue(slow);
      Duration age = slow.writeBack.oldestDirtyAge();
      oldest = age.compareTo(oldest) > 0 ? age : oldest;
    }

    assertThat(slow.cache.store.flushes.get()).isBetween(12, 16);
    assertThat(oldest).as("the oldest that anything became").isLessThanOrEqualTo(MAX_AGE);
    assertThat(slow.cache.store.size()).isGreaterThanOrEqualTo(50 * 55);
  }

  @Test
  void whatIsOldGoesBatchAfterBatchUntilNoneOfThatAgeIsLeft() {
    WriteBackFixture fast = of(Long.MAX_VALUE, 100);
    for (int i = 0; i < 550; i++) {
      fast.cache.put(name(i), "v");
    }
    fast.advance(Duration.ofMillis(4_500));
    fast.cache.put("young", "v");
    fast.advance(Duration.ofMillis(500));

    assertThat(flushAllThatIsDue(fast)).isEqualTo(6);

    assertThat(sizes(fast)).containsExactly(100, 100, 100, 100, 100, 50);
    assertThat(dirtyEntries(fast)).as("the young one, which may be written again").isEqualTo(1);
  }

  @Test
  void aboveTheLowWatermarkWholeBatchesGoUntilWellBelowIt() {
    WriteBackFixture full = of(100 * ENTRY, 10);
    for (int i = 0; i < 100; i++) {
      full.cache.put(name(i), "v");
      assertThat(full.writeBack.flushDue()).isFalse();
    }

    full.cache.put(name(100), "v");
    flushAllThatIsDue(full);

    assertThat(sizes(full)).containsExactly(10, 10, 10);
    assertThat(dirtyEntries(full)).isEqualTo(71);
    for (int i = 200; i < 229; i++) {
      full.cache.put(name(i), "v");
      assertThat(full.writeBack.flushDue()).as("below the watermark").isFalse();
    }
  }

  @Test
  void crowdedWithEntriesWholeBatchesGoToo() {
    WriteBackFixture crowded = of(settings().maxEntries(200), Long.MAX_VALUE, 10, Duration.ZERO);
    for (int i = 0; i < 101; i++) {
      crowded.cache.put(name(i), "v");
    }
    flushAllThatIsDue(crowded);
    assertThat(sizes(crowded)).containsExactly(10, 10, 10);
    assertThat(crowded.writeBack.flushDue()).isFalse();
  }

  @Test
  void whatSettlesDoesNotMakeTheRestGoInCrumbs() {
    WriteBackFixture settling = of(settings(), 100 * ENTRY, 10, Duration.ofSeconds(30));
    for (int i = 0; i < 1_000; i++) {
      settling.cache.put(name(i), "v");
      flushAllThatIsDue(settling);
    }
    assertThat(settling.cache.engine.statistics().dirty().bytes()).isGreaterThan(900L * ENTRY);
    assertThat(sizes(settling)).hasSizeGreaterThan(80).allMatch(size -> size == 10);
  }

  @Test
  void whatIsRefusedDoesNotMakeTheRestGoInCrumbs() {
    WriteBackFixture refused =
        of(settings().maxQuarantinedBytes(ENTRY), 20 * ENTRY, 10, Duration.ZERO);
    refused.cache.store.poison = write -> write.key().toString().startsWith("bad");
    for (int i = 0; i < 30; i++) {
      refused.cache.put("bad-" + i, "v");
    }
    refused.flushOld();
    assertThat(refused.cache.engine.statistics().dirty().bytes()).isGreaterThan(20L * ENTRY);
    refused.cache.store.commits.clear();

    refused.cache.put("good", "v");
    boolean _ = refused.writeBack.flushDue();

    assertThat(refused.cache.store.commits).isEmpty();
  }

  @Test
  void theNextColdestGoWithWhatEvictionWaitsFor() {
    WriteBackFixture tight = of(settings().maxEntries(100), Long.MAX_VALUE, 40, Duration.ZERO);
    for (int i = 0; i < 50; i++) {
      tight.cache.put(name(i), "v");
      tight.cache.get("clean-" + i);
    }
    assertThat(tight.writeBack.flushDue()).isFalse();

    tight.cache.get("another"); // The coldest is dirty, and the next coldest goes.
    flushAllThatIsDue(tight);

    assertThat(tight.committed())
        .singleElement(list(String.class))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 40).mapToObj(i -> name(i)).toList());
    for (int i = 0; i < 70; i++) {
      tight.cache.get("further-" + i);
      assertThat(tight.writeBack.flushDue()).as("the next victims are clean").isFalse();
    }
    assertThat(tight.cache.isResident(name(20))).isFalse();
  }

  @Test
  void aKeyThatIsWrittenAllTheTimeWaitsForItsAge() {
    WriteBackFixture busy = of(100 * ENTRY, 10);
    int cold = 0;
    for (int tick = 0; tick < 1_000; tick++) { // 20 seconds
      busy.cache.put("hot", "v" + tick);
      for (int i = 0; i < 10; i++) {
        busy.cache.put(name(cold++), "v");
      }
      busy.advance(Duration.ofMillis(20));
      flushAllThatIsDue(busy);
      assertThat(busy.writeBack.oldestDirtyAge()).isLessThanOrEqualTo(MAX_AGE);
    }
    long times = busy.committed().stream().filter(batch -> batch.contains("hot")).count();
    assertThat(times).isBetween(3L, 5L);
    assertThat(text(busy.cache.store.row(key("hot")))).isNotNull();
  }

  @Test
  void whenNothingElseIsQueuedWhatIsWrittenAllTheTimeGoesToo() {
    WriteBackFixture busy = of(100 * ENTRY, 10);
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 101; i++) {
        busy.cache.put(name(i), "v");
      }
    }
    flushAllThatIsDue(busy);
    assertThat(sizes(busy)).containsExactly(10, 10, 10);
  }
}
