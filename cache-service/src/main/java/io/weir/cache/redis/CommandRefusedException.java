package io.weir.cache.redis;

/** A request that gets an error; nothing of it was done, unless that says so. */
final class CommandRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** So many characters of what a client has sent are repeated to it. */
  private static final int EXCERPT = 128;

  /**
   * @param text of the error, Redis's own word in front
   */
  CommandRefusedException(String text) {
    // Control flow: no stack trace, which would cost more than the command.
    super(text, null, false, false);
  }

  static CommandRefusedException syntax() {
    return new CommandRefusedException("ERR syntax error");
  }

  static CommandRefusedException arity(String command) {
    return new CommandRefusedException(
        "ERR wrong number of arguments for '" + command + "' command");
  }

  /** For what is too long to be a value. */
  static CommandRefusedException tooLong() {
    return new CommandRefusedException(
        "ERR string exceeds maximum allowed size (weir.max-value-size)");
  }

  /** The beginning of a word that a client has sent. */
  static String excerpt(String word) {
    return word.length() <= EXCERPT ? word : word.substring(0, EXCERPT);
  }

  Reply reply() {
    return new Reply.Failure(String.valueOf(getMessage()));
  }
}
