package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/** The question that a command asks before it loses something, unless it is given {@code --yes}. */
final class Confirmation {

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  /**
   * Returns if somebody says yes; without {@code --yes}, somebody must be there.
   *
   * @param loss what would be done, for who is not there
   * @param question for who is
   * @param nothing what was not done if they do not say yes
   */
  void ask(Terminal terminal, String loss, String question, String nothing) throws IOException {
    if (yes) {
      return;
    }
    if (!terminal.interactive()) {
      throw nobody(loss);
    }
    terminal.err().print(question + " [y/N] ");
    terminal.err().flush();
    // Not closed: it is the process's standard input.
    BufferedReader in =
        new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    String answer = in.readLine();
    if (answer == null || !(answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes"))) {
      throw new CommandException(ExitCodes.NOT_CONFIRMED, nothing);
    }
  }

  /** For a command whose standard input is taken by something else than answers. */
  void require(String loss) {
    if (!yes) {
      throw nobody(loss);
    }
  }

  private static CommandException nobody(String loss) {
    return Refusals.usage(loss + "; nobody is there to ask, so say --yes");
  }
}
