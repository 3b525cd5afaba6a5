package io.weir.web;

/**
 * A service must not start; the message is the sentence that the operator reads instead of a stack
 * trace.
 */
public final class StartupRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public StartupRefusedException(String sentence) {
    super(sentence);
  }

  public StartupRefusedException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
