package io.weir.cli.load;

import java.util.Locale;

/** How often each key is asked for. */
public enum Distribution {
  /** All keys equally often. */
  UNIFORM,
  /** The k-th most popular key in proportion to {@code 1 / k^theta}. */
  ZIPFIAN;

  /** The form of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
