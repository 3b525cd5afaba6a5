package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What W-TinyLFU keeps, seen from the engine. */
class TinyLfuEvictionTest {

  private static final int ENTRIES = 200;
  private static final int HOT = 150;

  private static EngineFixture.Settings settings(EvictionPolicy policy) {
    return EngineFixture.settings().maxEntries(ENTRIES).policy(policy);
  }

  /** How many of the hot keys are resident after many keys were read once each. */
  private static int hotAfterAScan(EvictionPolicy policy) {
    EngineFixture engine = EngineFixture.of(settings(policy));
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < HOT; i++) {
        engine.get("hot-" + i);
      }
    }
    for (int i = 0; i < 10 * ENTRIES; i++) {
      engine.get("scanned-" + i);
    }
    int hot = 0;
    for (int i = 0; i < HOT; i++) {
      hot += engine.isResident("hot-" + i) ? 1 : 0;
    }
    return hot;
  }

  @Test
  void aScanPushesOutNothingThatIsUsedOften() {
    assertThat(hotAfterAScan(EvictionPolicy.LRU)).isZero();
    // Nine tenths on average, by a sketch that takes some keys for others, each time other ones.
    assertThat(hotAfterAScan(EvictionPolicy.W_TINYLFU)).isGreaterThan(HOT * 2 / 3);
  }

  @Test
  void aKeyThatBecomesPopularComesIn() {
    EngineFixture engine = EngineFixture.of(settings(EvictionPolicy.W_TINYLFU));
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < ENTRIES; i++) {
        engine.get("old-" + i);
      }
    }
    for (int round = 0; round < 20; round++) {
      engine.get("new");
      engine.get("once-" + round);
      engine.get("once more-" + round);
    }
    for (int i = 0; i < 50; i++) {
      engine.get("later-" + i);
    }
    assertThat(engine.isResident("new")).isTrue();
  }

  @Test
  void aWrittenKeyIsNeverRefused() {
    EngineFixture engine = EngineFixture.of(settings(EvictionPolicy.W_TINYLFU));
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < ENTRIES; i++) {
        engine.get("hot-" + i);
      }
    }
    for (int i = 0; i < ENTRIES / 4; i++) {
      engine.put("written-" + i, "value");
      for (int read = 0; read < 5; read++) {
        engine.get("read once-" + i + "-" + read);
      }
    }
    for (int i = 0; i < ENTRIES / 4; i++) {
      assertThat(engine.isResident("written-" + i)).as("written-%d", i).isTrue();
    }
  }

  @Test
  void aRefusedWriteIsTheFirstToLeaveOnceItIsClean() {
    EngineFixture engine = EngineFixture.of(settings(EvictionPolicy.W_TINYLFU));
    for (int round = 0; round < 10; round++) {
      for (int i = 0; i < ENTRIES; i++) {
        engine.get("hot-" + i);
      }
    }
    engine.put("written", "value");
    for (int i = 0; i < 40; i++) {
      engine.get("once-" + i); // Each of them is a duel, and one is that of the written key.
    }
    assertThat(engine.isResident("written")).isTrue();
    engine.flush();
    assertThat(engine.isResident("written")).isTrue();
    engine.get("wanted");
    engine.get("wanted");
    engine.get("wanted");
    for (int i = 0; i < 40 && engine.isResident("written"); i++) {
      engine.get("again-" + i);
    }
    assertThat(engine.isResident("written")).isFalse();
    assertThat(engine.isResident("wanted")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void dirtyEntriesStayAndTheBoundHolds(int stripes) {
    long seed = System.nanoTime();
    System.out.println("TinyLfuEvictionTest seed " + seed);
    Random random = new Random(seed);
    long maxBytes = 60_000;
    EngineFixture engine =
        EngineFixture.of(
            EngineFixture.settings()
                .maxBytes(maxBytes)
                .maxDirtyBytes(maxBytes / 2)
                .stripes(stripes)
                .policy(EvictionPolicy.W_TINYLFU));
    Set<String> dirty = new HashSet<>();
    for (int step = 0; step < 20_000; step++) {
      String key = "key-" + (int) (2_000 * Math.pow(random.nextDouble(), 2));
      String value = "x".repeat(random.nextInt(600));
      DirtyStatistics now = engine.engine.statistics().dirty();
      int bytes = Weights.ofDirty(EngineFixture.key(key), EngineFixture.value(value));
      if (random.nextInt(4) == 0 && now.bytes() + bytes <= now.maxBytes()) {
        engine.put(key, value);
        dirty.add(key);
      } else {
        engine.get(key);
      }
      if (random.nextInt(40) == 0) {
        engine.flush();
        dirty.clear();
      }
      String when = "seed " + seed + ", step " + step;
      EngineStatistics after = engine.engine.statistics();
      assertThat(after.memory().bytes()).as(when).isLessThanOrEqualTo(maxBytes);
      assertThat(after.dirty().entries()).as(when).isEqualTo(dirty.size());
      if (step % 100 == 0) {
        assertThat(dirty).as(when).allMatch(engine::isResident);
      }
    }
    assertThat(engine.engine.statistics().memory().evictions()).isGreaterThan(1_000);
  }

  @Test
  void theSketchesAreCounted() {
    EngineFixture engine =
        EngineFixture.of(EngineFixture.settings().stripes(4).policy(EvictionPolicy.W_TINYLFU));
    assertThat(engine.engine.statistics().memory().bytes()).isEqualTo(4 * 256);
    for (int i = 0; i < 1_000; i++) {
      engine.get("key-" + i);
    }
    long entries = 0;
    for (int i = 0; i < 1_000; i++) {
      entries += Weights.ofClean(EngineFixture.key("key-" + i), null);
    }
    assertThat(engine.engine.statistics().memory().bytes() - entries)
        .isBetween(1_000L * 4, 1_000L * 8);
  }
}
