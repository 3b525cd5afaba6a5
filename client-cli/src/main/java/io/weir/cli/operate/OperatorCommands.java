package io.weir.cli.operate;

import io.weir.cli.shell.Weir;
import picocli.CommandLine;

/** The commands of who runs a cluster. */
public final class OperatorCommands {

  private OperatorCommands() {}

  /** Adds them. */
  public static void addTo(CommandLine commands, Weir weir) {
    commands
        .addSubcommand(new StatusCommand(weir))
        .addSubcommand(new DrainCommand(weir))
        .addSubcommand(new FlushCommand(weir))
        .addSubcommand(new AcceptDatabaseCommand(weir))
        .addSubcommand(new RescueCommand(weir))
        .addSubcommand(new ForgetClaimCommand(weir))
        .addSubcommand(new ExportCommand(weir))
        .addSubcommand(new ImportCommand(weir));
    QuarantineCommand.addTo(commands, weir);
  }
}
