package io.weir.cli.load;

import io.weir.cli.shell.Weir;
import io.weir.load.workload.ClientShare;
import io.weir.load.workload.ValueSizes;
import picocli.CommandLine;

/** The commands that put a load on a cluster, and judge what came of it. */
public final class LoadCommands {

  private LoadCommands() {}

  /** Adds them. */
  public static void addTo(CommandLine commands, Weir weir) {
    commands
        .addSubcommand(new LoadCommand(weir))
        .addSubcommand(new MergeCommand(weir))
        .addSubcommand(new VerifyCommand(weir))
        .addSubcommand(new CompareCommand(weir))
        .registerConverter(ClientShare.class, ClientShare::parse)
        .registerConverter(ValueSizes.class, ValueSizes::parse);
  }
}
