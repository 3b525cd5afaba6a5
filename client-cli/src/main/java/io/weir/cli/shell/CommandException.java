package io.weir.cli.shell;

/** An end of the command that its message explains in a sentence, with its exit code. */
public final class CommandException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int exitCode;

  public CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
