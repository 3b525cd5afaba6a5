package io.weir.cli.load;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the highest rate that is good enough: doubles (or halves) until the answer changes,
 * then halves the gap, by ratio, until the two ends are near each other.
 *
 * <p>Good and bad rates may overlap where a cluster is near its limit; what is found is then one of
 * them. What the generator is late by is part of the times that it reports, so a rate that is good
 * in spite of it is good; one that is not may be the generator's fault, and marks the search.
 *
 * @param <T> what a trial yields
 */
public final class RateSearch<T> {

  /** The ends are near enough when they differ by this factor. */
  private static final double PRECISION = 1.05;

  private static final int MOST_TRIALS = 24;
  private static final double LEAST_RATE = 1;

  private final Trial<T> trial;
  private final Consumer<Step<T>> listener;
  private @Nullable Step<T> best;
  private boolean limitedByGenerator;
  private int trials;
  private volatile boolean stopped;

  /** Tries one rate. */
  public interface Trial<T> {
    Outcome<T> at(double ratePerSecond) throws InterruptedException;
  }

  /**
   * What came of it.
   *
   * @param good whether the rate is good enough
   * @param limited whether the generator, not the cluster, was the limit
   */
  public record Outcome<T>(T result, boolean good, boolean limited) {}

  /** A rate and what came of it. */
  public record Step<T>(int number, double ratePerSecond, Outcome<T> outcome) {}

  /**
   * What was found.
   *
   * @param best the step of the highest good rate; null when none was good
   * @param limitedByGenerator whether the next higher rate failed because of the generator
   */
  public record Found<T>(@Nullable Step<T> best, boolean limitedByGenerator) {}

  /**
   * @param listener told of each step
   */
  public RateSearch(Trial<T> trial, Consumer<Step<T>> listener) {
    this.trial = trial;
    this.listener = listener;
  }

  /** Lets no further trial begin; what was found so far counts. */
  public void stop() {
    stopped = true;
  }

  /** Searches, once, from a first rate on. */
  public Found<T> from(double firstRate) throws InterruptedException {
    double good = 0;
    double bad = 0;
    double rate = firstRate;
    while (mayTry() && rate >= LEAST_RATE && (good == 0 || bad == 0)) {
      if (isGood(rate)) {
        good = rate;
        rate *= 2;
      } else {
        bad = rate;
        rate /= 2;
      }
    }
    while (mayTry() && good > 0 && bad / good > PRECISION) {
      double middle = Math.sqrt(good * bad);
      if (isGood(middle)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return new Found<>(best, limitedByGenerator);
  }

  private boolean mayTry() {
    return trials < MOST_TRIALS && !stopped;
  }

  private boolean isGood(double rate) throws InterruptedException {
    trials++;
    Outcome<T> outcome = trial.at(rate);
    Step<T> step = new Step<>(trials, rate, outcome);
    boolean good = outcome.good() && !stopped; // Cut short: not judged.
    if (good && (best == null || rate > best.ratePerSecond())) {
      best = step;
    }
    if (!good) {
      limitedByGenerator = outcome.limited(); // The last one that is bad is the lowest.
    }
    listener.accept(step);
    return good;
  }
}
