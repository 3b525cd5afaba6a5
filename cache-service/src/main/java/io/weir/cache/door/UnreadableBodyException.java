package io.weir.cache.door;

/** A request's body did not arrive whole. */
public final class UnreadableBodyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public UnreadableBodyException(Throwable cause) {
    super("the body did not arrive whole: " + cause.getMessage(), cause);
  }
}
