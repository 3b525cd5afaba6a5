package io.weir.client;

/** An answer to a read that is none of Weir's: larger than the bound, or of another form. */
public final class UnexpectedAnswerException extends WeirException {

  private static final long serialVersionUID = 1;

  UnexpectedAnswerException(String message) {
    super(message);
  }

  UnexpectedAnswerException(String message, Throwable cause) {
    super(message, cause);
  }
}
