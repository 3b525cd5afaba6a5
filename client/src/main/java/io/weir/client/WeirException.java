package io.weir.client;

/**
 * A request that did not end in an answer to its question. The message names the key and the
 * servers.
 */
public abstract sealed class WeirException extends RuntimeException
    permits NotReachableException,
        DeadlineExceededException,
        AmbiguousOutcomeException,
        PreconditionFailedException,
        RejectedException,
        UnexpectedAnswerException {

  private static final long serialVersionUID = 1;

  WeirException(String message) {
    super(message);
  }

  WeirException(String message, Throwable cause) {
    super(message, cause);
  }
}
