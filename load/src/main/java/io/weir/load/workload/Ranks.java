package io.weir.load.workload;

import java.util.SplittableRandom;

/** A source of popularity ranks: 0 is the most popular key. Immutable, shared by all clients. */
interface Ranks {

  /** Draws a rank. */
  int next(SplittableRandom random);

  static Ranks uniform(int count) {
    return random -> random.nextInt(count);
  }

  /**
   * The first ranks are the hot ones.
   *
   * @param hotKeys share of the ranks that are hot
   * @param hotOperations share of the draws that are hot
   */
  static Ranks hotspot(int count, double hotKeys, double hotOperations) {
    int hot = Math.clamp(Math.round(hotKeys * count), 1, count);
    return random ->
        hot == count || random.nextDouble() < hotOperations
            ? random.nextInt(hot)
            : hot + random.nextInt(count - hot);
  }
}
