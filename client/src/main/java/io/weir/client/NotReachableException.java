package io.weir.client;

/**
 * No server took the request before the deadline: no master answered, the slot has no owner, or the
 * owner refuses connections. Nothing was written.
 */
public final class NotReachableException extends WeirException {

  private static final long serialVersionUID = 1;

  NotReachableException(String message) {
    super(message);
  }

  NotReachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
