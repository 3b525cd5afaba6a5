package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrequencySketchTest {

  private final FrequencySketch sketch = new FrequencySketch();

  private void use(int hash, int times) {
    for (int i = 0; i < times; i++) {
      sketch.increment(hash);
    }
  }

  @Test
  void aKeyIsSeenAsOftenAsItWasUsed() {
    use(7, 3);
    use(8, 1);
    assertThat(sketch.frequency(7)).isEqualTo(3);
    assertThat(sketch.frequency(8)).isEqualTo(1);
    assertThat(sketch.frequency(9)).isZero();
  }

  @Test
  void theHighestEstimateIsFifteen() {
    use(7, 100);
    assertThat(sketch.frequency(7)).isEqualTo(FrequencySketch.MOST);
  }

  @Test
  void afterTenUsesForEveryKeyAllAreHalved() {
    int room = 4 * FrequencySketch.KEYS_A_BLOCK;
    use(1_000_000, 8);
    int uses = 8;
    for (int hash = 0; uses < FrequencySketch.USES_A_KEY * room - 1; hash++, uses++) {
      sketch.increment(hash);
    }
    int before = sketch.frequency(1_000_000);
    assertThat(before).isGreaterThanOrEqualTo(8);
    sketch.increment(2_000_000);
    assertThat(sketch.frequency(1_000_000)).isEqualTo(before / 2);
  }

  @Test
  void noEstimateIsBelowTheUsesAndFewAreAbove() {
    long seed = System.nanoTime();
    System.out.println("FrequencySketchTest seed " + seed);
    Random random = new Random(seed);
    int keys = 1_000;
    Map<Integer, Integer> uses = new HashMap<>();
    while (sketch.isShortOfRoom(keys)) {
      sketch.grow();
    }
    for (int i = 0; i < 3 * keys; i++) {
      // The high bits are a stripe's: the same for all of its keys.
      int hash = (random.nextInt() >>> 8 & ~0x3ff) | random.nextInt(keys);
      if (!uses.isEmpty() && random.nextInt(3) > 0) {
        hash =
            uses.keySet().stream()
                .skip(random.nextInt(Math.min(20, uses.size())))
                .findFirst()
                .orElseThrow();
      }
      sketch.increment(hash);
      uses.merge(hash, 1, Integer::sum);
    }
    long wrong = 0;
    for (Map.Entry<Integer, Integer> each : uses.entrySet()) {
      int real = Math.min(FrequencySketch.MOST, each.getValue());
      int estimate = sketch.frequency(each.getKey());
      assertThat(estimate).as("seed %d", seed).isGreaterThanOrEqualTo(real);
      wrong += estimate > real ? 1 : 0;
    }
    assertThat(wrong).as("of %d, seed %d", uses.size(), seed).isLessThan(uses.size() / 10);
  }

  @Test
  void growingChangesNoEstimate() {
    for (int hash = 0; hash < 40; hash++) {
      use(hash * 31, hash % 16);
    }
    int[] before = new int[40];
    for (int hash = 0; hash < 40; hash++) {
      before[hash] = sketch.frequency(hash * 31);
    }
    long bytes = sketch.bytes();
    assertThat(sketch.isShortOfRoom(64)).isFalse();
    assertThat(sketch.isShortOfRoom(65)).isTrue();
    sketch.grow();
    assertThat(sketch.bytes()).isEqualTo(2 * bytes);
    for (int hash = 0; hash < 40; hash++) {
      assertThat(sketch.frequency(hash * 31)).isEqualTo(before[hash]);
    }
  }
}
