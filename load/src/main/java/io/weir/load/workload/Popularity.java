package io.weir.load.workload;

/**
 * How often each key is asked for.
 *
 * @param theta skew of zipfian and latest, at least 0; 0.99 is YCSB's
 * @param hotKeys share of the keys that hotspot prefers
 * @param hotOperations share of the operations that go to those
 */
public record Popularity(
    Distribution distribution, double theta, double hotKeys, double hotOperations) {

  /** YCSB's skew. */
  public static final double YCSB_THETA = 0.99;

  private static final double MOST_THETA = 100;
  private static final double HOT_KEYS = 0.2;
  private static final double HOT_OPERATIONS = 0.8;

  /** Rejects what is out of range, naming the command line's option. */
  public Popularity {
    check("--theta", theta, MOST_THETA);
    check("--hot-keys", hotKeys, 1);
    check("--hot-operations", hotOperations, 1);
  }

  private static void check(String option, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(option + " is 0 to " + (long) most + ", got " + value);
    }
  }

  /** A distribution with the usual parameters. */
  public static Popularity of(Distribution distribution) {
    return new Popularity(distribution, YCSB_THETA, HOT_KEYS, HOT_OPERATIONS);
  }

  public static Popularity zipfian(double theta) {
    return new Popularity(Distribution.ZIPFIAN, theta, HOT_KEYS, HOT_OPERATIONS);
  }

  /** The distribution with those parameters that matter to it. */
  @Override
  public String toString() {
    return switch (distribution) {
      case UNIFORM, SEQUENTIAL -> distribution.toString();
      case ZIPFIAN, LATEST -> distribution + " " + theta;
      case HOTSPOT ->
          distribution
              + " ("
              + hotOperations
              + " of the operations on "
              + hotKeys
              + " of the keys)";
    };
  }
}
