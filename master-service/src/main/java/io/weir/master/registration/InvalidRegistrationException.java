package io.weir.master.registration;

/** The body of a registration that cannot be understood; the message says why. */
public final class InvalidRegistrationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final boolean tooLarge;

  InvalidRegistrationException(String message, boolean tooLarge) {
    super(message);
    this.tooLarge = tooLarge;
  }

  /** Whether it is refused for its size. */
  public boolean tooLarge() {
    return tooLarge;
  }
}
