package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;

/** The ends that the commands here share. */
final class Refusals {

  private Refusals() {}

  static CommandException usage(String message) {
    return new CommandException(ExitCodes.USAGE, message);
  }
}
