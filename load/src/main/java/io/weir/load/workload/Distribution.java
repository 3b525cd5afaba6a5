package io.weir.load.workload;

import java.util.Locale;

/** How often each key is asked for. */
public enum Distribution {
  /** All keys equally often. */
  UNIFORM,
  /** The k-th most popular key in proportion to {@code 1 / k^theta}; popular ones lie scattered. */
  ZIPFIAN,
  /** As zipfian, and the key inserted last is the most popular, the one before it the next. */
  LATEST,
  /** A share of the keys gets a share of the operations; within each part all equally often. */
  HOTSPOT,
  /** One key after the other, and from the start again. */
  SEQUENTIAL;

  /** The form of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
