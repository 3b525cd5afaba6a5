package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Weir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code weir quarantine}: the rows that a database refuses for their data. */
@Command(
    name = "quarantine",
    description = {
      "Deals with the rows that a shard's database refuses for their data.",
      "",
      "Such a row stays readable and is kept in the journal, and is tried again by itself with"
          + " growing pauses. Mend the schema and have it tried at once with 'retry', or write the key"
          + " anew; or give the value up with 'discard'."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir quarantine list",
      "  weir quarantine retry --all",
      "  weir quarantine discard user:1 --save refused.ndjson"
    })
final class QuarantineCommand implements Runnable {

  /** Adds it, and what is below it, to the commands. */
  static void addTo(CommandLine root, Weir weir) {
    CommandLine quarantine = new CommandLine(new QuarantineCommand());
    root.addSubcommand(quarantine);
    quarantine
        .addSubcommand(new QuarantineListCommand(weir))
        .addSubcommand(new QuarantineRetryCommand(weir))
        .addSubcommand(new QuarantineDiscardCommand(weir));
  }

  @Override
  public void run() {
    throw new CommandException(
        ExitCodes.USAGE, "what is to be done is missing: list, retry or discard");
  }
}
