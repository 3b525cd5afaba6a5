package io.weir.client;

/** A read that a server took and did not answer before the deadline. */
public final class DeadlineExceededException extends WeirException {

  private static final long serialVersionUID = 1;

  DeadlineExceededException(String message, Throwable cause) {
    super(message, cause);
  }
}
