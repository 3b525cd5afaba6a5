package io.weir.client;

/**
 * No server answered before the deadline: a read was taken and not answered, or the time that was
 * left was too short to ask a server. Nothing was written.
 */
public final class DeadlineExceededException extends WeirException {

  private static final long serialVersionUID = 1;

  DeadlineExceededException(String message) {
    super(message);
  }

  DeadlineExceededException(String message, Throwable cause) {
    super(message, cause);
  }
}
