package io.weir.cache.door;

/** A request that cannot be understood; the message says what is wrong and what is allowed. */
public final class BadRequestException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public BadRequestException(String message) {
    super(message);
  }
}
