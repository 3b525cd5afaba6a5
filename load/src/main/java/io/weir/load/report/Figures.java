package io.weir.load.report;

import java.math.BigDecimal;
import java.math.MathContext;

/** Figures as reports give them: with the digits that were measured, and no more. */
final class Figures {

  /** A histogram tells values apart that differ by a thousandth. */
  private static final MathContext FOUR = new MathContext(4);

  /** Enough for counts and times of any run. */
  private static final MathContext NINE = new MathContext(9);

  private static final double NANOS_PER_MILLI = 1e6;

  private Figures() {}

  /** Milliseconds of a histogram's value. */
  static double millis(double nanos) {
    return new BigDecimal(nanos / NANOS_PER_MILLI).round(FOUR).doubleValue();
  }

  /** A number without the noise of binary fractions. */
  static double rounded(double value) {
    return Double.isFinite(value) ? new BigDecimal(value).round(NINE).doubleValue() : 0;
  }
}
