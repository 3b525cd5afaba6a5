package io.weir.master.status;

/** A cache server has said nothing of a key; the message is a sentence for people. */
final class UnansweredException extends Exception {

  private static final long serialVersionUID = 1;

  UnansweredException(String message) {
    super(message);
  }
}
