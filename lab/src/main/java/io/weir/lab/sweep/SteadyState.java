package io.weir.lab.sweep;

import io.weir.load.run.LoadPlan;
import io.weir.load.workload.ClientShare;
import io.weir.load.workload.Insertions;
import io.weir.load.workload.KeyChooser;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What an exact LRU holds under a load that has gone on for long: the state in which a measurement
 * is to begin. A cold cache of half of the keys needs more requests than a short run makes before
 * the rare ones have come into it, and its hit ratio would be that of a start.
 */
final class SteadyState {

  /** A key of the mean popularity has come by so often. */
  private static final long DRAWS_A_KEY = 50;

  /** A few seconds' work. */
  private static final long MOST_DRAWS = 50_000_000;

  /** Of the draws here, so that they are not those of the load itself. */
  private static final long OTHER_SEED = 0x5DEECE66DL;

  private static final long THIRD_SEED = 0x2545F4914F6CDD1DL;

  private SteadyState() {}

  /** Returns the LRU of so many entries that has seen a load's keys. */
  static ExactLru of(LoadPlan plan, int entries) {
    ExactLru lru = new ExactLru(plan.keys(), entries);
    KeyChooser keys = keys(plan);
    SplittableRandom random = new SplittableRandom(plan.seed() ^ OTHER_SEED);
    long draws = Math.min(DRAWS_A_KEY * plan.keys(), MOST_DRAWS);
    for (long i = 0; i < draws; i++) {
      var _ = lru.use(keys.next(random));
    }
    return lru;
  }

  /** Returns more of what a load's keys would be, which it has not seen. */
  static int[] draws(LoadPlan plan, int count) {
    KeyChooser keys = keys(plan);
    SplittableRandom random = new SplittableRandom(plan.seed() ^ THIRD_SEED);
    int[] draws = new int[count];
    Arrays.setAll(draws, _ -> keys.next(random));
    return draws;
  }

  private static KeyChooser keys(LoadPlan plan) {
    return KeyChooser.of(
        plan.workload().popularity(), plan.keys(), new Insertions(plan.keys(), ClientShare.ALL));
  }
}
