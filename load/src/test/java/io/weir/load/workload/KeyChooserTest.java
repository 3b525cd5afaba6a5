package io.weir.load.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyChooserTest {

  private static final long SEED = 42;
  private static final int KEYS = 1_000;
  private static final int DRAWS = 1_000_000;

  private final Insertions insertions = new Insertions(KEYS, ClientShare.ALL);

  private long[] drawn(Popularity popularity) {
    KeyChooser chooser = KeyChooser.of(popularity, KEYS, insertions);
    SplittableRandom random = new SplittableRandom(SEED);
    long[] seen = new long[2 * KEYS];
    for (int i = 0; i < DRAWS; i++) {
      seen[chooser.next(random)]++;
    }
    return seen;
  }

  /**
   * Of all keys, sorted by how often they were drawn, the first ten and the first hundred have the
   * share that theory gives them, within 2 %.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.8, 0.99, 1, 1.2})
  void zipfianSharesAreThoseOfTheoryWithinTwoPercent(double theta) {
    long[] seen = drawn(Popularity.zipfian(theta));
    Arrays.sort(seen);
    double all = harmonic(KEYS, theta);
    for (int head : new int[] {1, 10, 100}) {
      double share = 0;
      for (int i = 0; i < head; i++) {
        share += seen[seen.length - 1 - i];
      }
      assertThat(share / DRAWS / (harmonic(head, theta) / all))
          .as("first %d, theta %s, seed %d", head, theta, SEED)
          .isCloseTo(1, within(0.02));
    }
  }

  private static double harmonic(int count, double theta) {
    double sum = 0;
    for (int k = 1; k <= count; k++) {
      sum += Math.pow(k, -theta);
    }
    return sum;
  }

  @Test
  void popularKeysAreScattered() {
    KeyChooser chooser = KeyChooser.of(Popularity.zipfian(0.99), KEYS, insertions);
    long low = 0;
    for (int place = 0; place < 100; place++) {
      low += chooser.key(place) < KEYS / 2 ? 1 : 0;
    }
    assertThat(low).isBetween(30L, 70L);
  }

  @Test
  void uniformKeysAreAllAlike() {
    long[] seen = drawn(Popularity.of(Distribution.UNIFORM));
    // 1,000 a key, 6 standard deviations.
    for (int key = 0; key < KEYS; key++) {
      assertThat(seen[key]).as("key %d, seed %d", key, SEED).isBetween(800L, 1_200L);
    }
  }

  @Test
  void theHotSpotGetsItsShareOfTheOperations() {
    long[] seen = drawn(new Popularity(Distribution.HOTSPOT, 0, 0.1, 0.7));
    Arrays.sort(seen);
    double hot = 0;
    for (int i = 0; i < KEYS / 10; i++) {
      hot += seen[seen.length - 1 - i];
    }
    assertThat(hot / DRAWS).isCloseTo(0.7, within(0.005));
  }

  @Test
  void sequentialKeysComeOneAfterTheOtherAndAgain() {
    KeyChooser chooser = KeyChooser.of(Popularity.of(Distribution.SEQUENTIAL), 3, insertions);
    SplittableRandom random = new SplittableRandom(SEED);
    int[] keys = new int[7];
    Arrays.setAll(keys, _ -> chooser.next(random));
    assertThat(keys).containsExactly(0, 1, 2, 0, 1, 2, 0);
  }

  @Test
  void theKeyInsertedLastIsTheMostPopular() {
    long[] before = drawn(Popularity.of(Distribution.LATEST));
    assertThat(before[KEYS - 1]).isGreaterThan(before[KEYS - 2]).isGreaterThan(DRAWS / 10);
    for (int i = 0; i < 5; i++) {
      insertions.end(insertions.claim());
    }
    long[] after = drawn(Popularity.of(Distribution.LATEST));
    assertThat(after[KEYS + 4]).isEqualTo(before[KEYS - 1]);
    assertThat(after[KEYS + 5]).isZero();
  }

  @Test
  void aKeyIsAskedForOnlyWhenAllBeforeItAreThere() {
    int first = insertions.claim();
    insertions.end(insertions.claim());
    KeyChooser chooser = KeyChooser.of(Popularity.of(Distribution.LATEST), KEYS, insertions);
    assertThat(chooser.key(0)).isEqualTo(KEYS - 1);
    insertions.end(first);
    assertThat(chooser.key(0)).isEqualTo(KEYS + 1);
  }

  @Test
  void insertionsInAnyOrderAreAllThereInTheEnd() {
    int[] claimed = new int[1_000];
    Arrays.setAll(claimed, _ -> insertions.claim());
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = claimed.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = claimed[i];
      claimed[i] = claimed[other];
      claimed[other] = swapped;
    }
    for (int each : claimed) {
      insertions.end(each);
    }
    assertThat(insertions.count()).as("seed %d", SEED).isEqualTo(KEYS + 1_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aProcessInsertsTheKeysOfItsShareAlone(int index) {
    ClientShare share = new ClientShare(index, 3);
    Insertions own = new Insertions(KEYS, share);
    for (int i = 0; i < 4; i++) {
      int key = own.claim();
      assertThat(key).isGreaterThanOrEqualTo(KEYS);
      assertThat(share.owns(key)).isTrue();
      assertThat(own.key(KEYS + i)).isEqualTo(key);
    }
  }
}
