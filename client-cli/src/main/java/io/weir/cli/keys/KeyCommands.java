package io.weir.cli.keys;

import io.weir.cli.shell.Weir;
import picocli.CommandLine;

/** The commands on a key, and on where it is. */
public final class KeyCommands {

  private KeyCommands() {}

  /** Adds them. */
  public static void addTo(CommandLine commands, Weir weir) {
    commands
        .addSubcommand(new GetCommand(weir))
        .addSubcommand(new PutCommand(weir))
        .addSubcommand(new DeleteCommand(weir))
        .addSubcommand(new CachesCommand(weir))
        .addSubcommand(new LocateCommand(weir));
  }
}
