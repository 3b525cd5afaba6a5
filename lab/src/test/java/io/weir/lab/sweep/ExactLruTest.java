package io.weir.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExactLruTest {

  private static final int KEYS = 50;

  @Test
  void theLeastRecentlyUsedLeaves() {
    ExactLru lru = new ExactLru(4, 2);
    assertThat(lru.use(0)).isFalse();
    assertThat(lru.use(1)).isFalse();
    assertThat(lru.use(0)).isTrue();
    assertThat(lru.use(2)).isFalse(); // 1 leaves.
    assertThat(lru.use(0)).isTrue();
    assertThat(lru.use(1)).isFalse();
    assertThat(lru.coldestFirst()).containsExactly(0, 1);
  }

  @Test
  void itDoesWhatANaiveOneDoes() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 100; round++) {
      int capacity = 1 + random.nextInt(KEYS + 10);
      ExactLru lru = new ExactLru(KEYS, capacity);
      LinkedHashSet<Integer> naive = new LinkedHashSet<>();
      for (int i = 0; i < 2_000; i++) {
        int key = random.nextInt(1 + random.nextInt(KEYS));
        boolean hit = naive.remove(key);
        naive.add(key);
        if (naive.size() > capacity) {
          naive.removeFirst();
        }
        assertThat(lru.use(key)).as("seed %d, use %d of key %d", seed, i, key).isEqualTo(hit);
        assertThat(lru.size()).isEqualTo(naive.size());
      }
      assertThat(lru.coldestFirst())
          .as("seed %d", seed)
          .containsExactly(naive.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  @Test
  void usedColdestFirstItsKeysFillAnotherAlike() {
    SplittableRandom random = new SplittableRandom(1);
    ExactLru one = new ExactLru(KEYS, 20);
    for (int i = 0; i < 1_000; i++) {
      one.use(random.nextInt(KEYS));
    }
    ExactLru other = new ExactLru(KEYS, 20);
    for (int key : one.coldestFirst()) {
      other.use(key);
    }
    assertThat(one.isFull()).isTrue();
    assertThat(other.coldestFirst()).containsExactly(one.coldestFirst());
  }

  @Test
  void aCacheWithoutRoomIsNone() {
    assertThatThrownBy(() -> new ExactLru(4, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 0");
  }
}
