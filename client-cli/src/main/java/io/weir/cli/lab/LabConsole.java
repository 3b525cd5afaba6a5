package io.weir.cli.lab;

import io.weir.cli.shell.Terminal;
import io.weir.lab.cluster.Console;

/** The terminal as a cluster on this machine speaks to it. */
public final class LabConsole {

  private LabConsole() {}

  public static Console on(Terminal terminal) {
    return new Console(terminal.out(), terminal.err(), terminal.interactive());
  }
}
