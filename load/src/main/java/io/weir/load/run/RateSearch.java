package io.weir.load.run;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the highest rate that is good enough: doubles (or halves) until the answer changes,
 * then halves the gap, by ratio, until the two ends are near each other. The lowest rate that was
 * not good is then tried once more, as a pause of the machine would decide it else; if it is good
 * now, the search goes on from there.
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
  public static final double LEAST_RATE = 1;

  private final Trial<T> trial;
  private final Consumer<Step<T>> listener;

  /** The highest rate that was good. */
  private @Nullable Step<T> best;

  /** Those that were not and are above it, the lowest first. */
  private final Deque<Step<T>> missed = new ArrayDeque<>();

  private int trials;
  private boolean triedAgain;
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

  /**
   * Searches, once, from a first rate on.
   *
   * @param firstRate at least {@link #LEAST_RATE}
   */
  public Found<T> from(double firstRate) throws InterruptedException {
    double rate = firstRate;
    while (rate >= LEAST_RATE && trials < MOST_TRIALS && !stopped) {
      tryOut(rate);
      rate = next();
    }
    Step<T> lowest = missed.peek();
    return new Found<>(best, lowest != null && lowest.outcome().limited());
  }

  private void tryOut(double rate) throws InterruptedException {
    trials++;
    Step<T> step = new Step<>(trials, rate, trial.at(rate));
    if (stopped) {
      missed.push(step); // Cut short: not judged.
    } else if (step.outcome().good()) {
      best = step;
      while (!missed.isEmpty() && missed.element().ratePerSecond() <= rate) {
        missed.pop();
      }
    } else {
      missed.push(step);
    }
    listener.accept(step);
  }

  /** The rate to try next; 0 when there is none. */
  private double next() {
    Step<T> lowest = missed.peek();
    if (lowest == null) {
      return requireNonNull(best).ratePerSecond() * 2;
    }
    double bad = lowest.ratePerSecond();
    if (best == null) {
      return bad / 2;
    }
    double good = best.ratePerSecond();
    if (bad / good > PRECISION) {
      return Math.sqrt(good * bad);
    }
    if (!triedAgain) {
      triedAgain = true;
      return bad;
    }
    return 0;
  }
}
