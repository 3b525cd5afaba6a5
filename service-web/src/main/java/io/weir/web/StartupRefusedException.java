package io.weir.web;

/**
 * A service must not start; the message is the sentence that the operator reads instead of a stack
 * trace. A JDBC URL in it is cut down to the place of the database.
 */
public final class StartupRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public StartupRefusedException(String sentence) {
    super(Secrets.withoutAccounts(sentence));
  }

  public StartupRefusedException(String sentence, Throwable cause) {
    super(Secrets.withoutAccounts(sentence), cause);
  }
}
