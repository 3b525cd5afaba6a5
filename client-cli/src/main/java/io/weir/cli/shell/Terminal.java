package io.weir.cli.shell;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The three streams of the process.
 *
 * @param interactive whether somebody watches
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean interactive) {

  /** Those of this process; what is printed is UTF-8, whatever the locale. */
  public static Terminal system() {
    return new Terminal(
        System.in,
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
  }
}
