package io.weir.load.run;

import java.util.Locale;

/** How the operations of an open loop follow each other. */
public enum Arrivals {
  /** Evenly. */
  CONSTANT,
  /** At random, as from very many users who know nothing of each other. */
  POISSON;

  /** The form of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
