package io.weir.cli.demo;

import io.weir.cli.Weir;
import io.weir.cli.load.workload.ValueSizes;
import io.weir.cli.sweep.Capacity;
import io.weir.cli.sweep.SweepCommand;
import io.weir.cli.torture.TortureCommand;
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
