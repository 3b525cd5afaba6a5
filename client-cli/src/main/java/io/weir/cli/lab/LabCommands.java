package io.weir.cli.lab;

import io.weir.cli.shell.Weir;
import io.weir.lab.sweep.Capacity;
import io.weir.load.workload.ValueSizes;
import picocli.CommandLine;

/** The commands that start a cluster of their own on this machine. */
public final class LabCommands {

  private LabCommands() {}

  /** Adds them. */
  public static void addTo(CommandLine commands, Weir weir) {
    commands
        .addSubcommand(new SweepCommand(weir))
        .addSubcommand(new DemoCommand(weir))
        .addSubcommand(new TortureCommand(weir))
        .registerConverter(Capacity.class, Capacity::parse)
        .registerConverter(ValueSizes.class, ValueSizes::parse);
  }
}
