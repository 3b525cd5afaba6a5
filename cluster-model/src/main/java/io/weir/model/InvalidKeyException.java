package io.weir.model;

/** A key that no entry can have; the message says why. */
public final class InvalidKeyException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  public InvalidKeyException(String message) {
    super(message);
  }
}
