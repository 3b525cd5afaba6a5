package io.weir.master.topology;

/** A query parameter that cannot be understood; the message says which. */
public final class InvalidQueryException extends RuntimeException {

  private static final long serialVersionUID = 1;

  InvalidQueryException(String message) {
    super(message);
  }
}
