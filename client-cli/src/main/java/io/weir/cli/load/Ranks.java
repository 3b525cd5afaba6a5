package io.weir.cli.load;

import java.util.SplittableRandom;

/** A source of popularity ranks: 0 is the most popular key. Immutable, shared by all clients. */
interface Ranks {

  /** Draws a rank. */
  int next(SplittableRandom random);

  /** Returns the ranks that a plan asks for. */
  static Ranks of(LoadPlan plan) {
    return switch (plan.distribution()) {
      case UNIFORM -> random -> random.nextInt(plan.keys());
      case ZIPFIAN -> new ZipfianRanks(plan.keys(), plan.theta());
    };
  }
}
