package io.weir.cache.door;

/** There is no room for a request just now; nothing of it was done. */
public final class OverloadedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public OverloadedException(String message) {
    super(message);
  }
}
