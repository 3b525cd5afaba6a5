package io.weir.load.run;

import java.util.Locale;

/** Which parts of a load are wanted. */
public enum Phase {
  /** All keys are inserted once, and that is what is measured. */
  LOAD,
  /** The operations run on the keys that are there. */
  RUN,
  /** The keys are inserted first, and then the operations are run and measured. */
  BOTH;

  boolean fills() {
    return this != RUN;
  }

  boolean runs() {
    return this != LOAD;
  }

  /** The form of the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
