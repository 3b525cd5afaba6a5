package io.weir.cli.shell;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;

/**
 * The three streams of the process.
 *
 * @param interactive whether somebody watches
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {

  /** Those of this process. */
  public static Terminal system() {
    return new Terminal(
        System.in,
        System.out,
        System.err,
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
  }
}
