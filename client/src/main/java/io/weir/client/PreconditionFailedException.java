package io.weir.client;

/** The condition of a conditional write does not hold. Nothing was written. */
public final class PreconditionFailedException extends WeirException {

  private static final long serialVersionUID = 1;

  PreconditionFailedException(String message) {
    super(message);
  }
}
