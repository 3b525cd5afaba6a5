package io.weir.master.topology;

/** As many requests wait for the next version as may. */
public final class TooManyWaitersException extends RuntimeException {

  private static final long serialVersionUID = 1;

  TooManyWaitersException(int most) {
    super("As many requests wait for the next version as may: " + most + ".");
  }
}
