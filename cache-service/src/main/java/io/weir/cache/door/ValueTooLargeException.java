package io.weir.cache.door;

/** A request's value has more bytes than a value may have. */
public final class ValueTooLargeException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * @param maxBytes most bytes that a value may have
   */
  public ValueTooLargeException(long maxBytes) {
    super("a value has at most " + maxBytes + " bytes (weir.max-value-size)");
  }
}
