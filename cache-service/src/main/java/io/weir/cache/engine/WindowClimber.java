package io.weir.cache.engine;

/**
 * Which share of a stripe the window of {@link TinyLfuOrder} has: found by hill climbing, after
 * Einziger, Eytan, Friedman and Manes, "Adaptive Software Cache Management" (Middleware 2018).
 *
 * <p>After some uses it makes a step, and looks what has become of the hit ratio: the next step is
 * in the same direction if it rose, in the other if it fell. Steps become smaller, so that it comes
 * to rest; when the hit ratio changes by much, which means that the load has changed, they are
 * large again. A load that favours what is recent gets a wide window, one that favours what is
 * frequent a narrow one.
 */
final class WindowClimber {

  static final double FIRST_SHARE = 0.01;
  static final double LEAST_SHARE = 0.005;
  static final double MOST_SHARE = 0.8;

  /** Uses between two steps, for every entry. */
  static final int USES_AN_ENTRY = 10;

  /** Of fewer uses the hit ratio says less than chance. */
  static final int LEAST_USES = 4_096;

  private static final double FIRST_STEP = 0.0625;
  private static final double DECAY = 0.98;

  /** A change of the hit ratio by so much is the load's. */
  private static final double CHANGED_LOAD = 0.05;

  private double share = FIRST_SHARE;
  private double step = FIRST_STEP;
  private double lastRatio;
  private long uses;
  private long hits;

  double windowShare() {
    return share;
  }

  /** An entry of so many was used. */
  void hit(int entries) {
    hits++;
    used(entries);
  }

  /** An entry was put in; there are so many now. */
  void missed(int entries) {
    used(entries);
  }

  private void used(int entries) {
    if (++uses >= Math.max(LEAST_USES, (long) USES_AN_ENTRY * entries)) {
      climb((double) hits / uses);
      uses = 0;
      hits = 0;
    }
  }

  private void climb(double ratio) {
    double change = ratio - lastRatio;
    lastRatio = ratio;
    double next = change >= 0 ? step : -step;
    share = Math.clamp(share + next, LEAST_SHARE, MOST_SHARE);
    step = Math.abs(change) >= CHANGED_LOAD ? Math.copySign(FIRST_STEP, next) : DECAY * next;
  }
}
