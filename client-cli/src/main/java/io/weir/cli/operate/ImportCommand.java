package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.ReadFrom;
import io.weir.client.WeirClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir import}: entries from NDJSON. */
@Command(
    name = "import",
    description = {
      "Puts the entries of an export, one JSON document a line, of a file or of standard input.",
      "",
      "Each is put as by 'weir put', over what is there, and gets a new version; a line that says so"
          + " deletes. What is there is lost, so it asks, or wants --yes; with --if-absent what is there"
          + " is left alone, and nothing deleted. A discarded row is put back only if its key was not"
          + " written since, which the import reads before.",
      "",
      "An entry that has expired is passed over. A line that fails is named on standard error, and the"
          + " import goes on, until there are more than --max-failures. Ends with 6 when a line failed.",
      "",
      "The last line of an export says that it is whole, and how many entries it has. Without it,"
          + " or with another number of them, the export was cut off: what came is put all the same,"
          + " and the import ends with 6. A partial export, such as what grep leaves of one, and"
          + " lines of another program need --no-end. A file of discarded rows has no such"
          + " line and needs none.",
      "",
      "An import that was stopped is gone on with by --from-line; it says which. To put an entry"
          + " twice does no harm."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir import all.ndjson --yes",
      "  zcat all.ndjson.gz | weir import --if-absent",
      "  grep '\"key\":\"user:' all.ndjson | weir import --yes --no-end",
      "  weir import all.ndjson --yes --from-line 1200001 --concurrency 64"
    })
public final class ImportCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "What to read; '-' or nothing reads standard input.")
  private @Nullable Path file;

  @Option(names = "--if-absent", description = "Leave entries alone that are there already.")
  private boolean ifAbsent;

  @Mixin private final Confirmation confirmation = new Confirmation();

  @Option(
      names = "--no-end",
      description = "Accept a partial export: do not require the end line or check its count.")
  private boolean noEnd;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      defaultValue = "32",
      description = "Most lines in flight at once. Default: ${DEFAULT-VALUE}")
  private int concurrency;

  @Option(
      names = "--from-line",
      paramLabel = "N",
      defaultValue = "1",
      description = "Pass over the lines before this one. Default: ${DEFAULT-VALUE}")
  private long fromLine;

  @Option(
      names = "--max-failures",
      paramLabel = "N",
      defaultValue = "100",
      description = "Stop when more lines than this have failed. Default: ${DEFAULT-VALUE}")
  private int maxFailures;

  public ImportCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (concurrency < 1 || concurrency > Import.MOST_IN_FLIGHT) {
      throw Refusals.usage(
          "--concurrency is 1 to " + Import.MOST_IN_FLIGHT + ", got " + concurrency);
    }
    if (fromLine < 1 || maxFailures < 0) {
      throw Refusals.usage("--from-line is at least 1, and --max-failures at least 0");
    }
    Import.Totals totals;
    try (InputStream in = open();
        WeirClient client =
            weir.clientBuilder()
                .readFrom(ReadFrom.LEADER)
                .maxConnectionsPerServer(Math.max(1, concurrency))
                .build();
        Progress progress = new Progress(weir.terminal())) {
      totals =
          new Import(
                  client,
                  new Import.Plan(ifAbsent, noEnd, concurrency, fromLine, maxFailures),
                  weir.terminal(),
                  progress)
              .run(in);
    }
    report(totals);
    if (totals.cutOff() != null) {
      throw new CommandException(
          ExitCodes.REFUSED, totals.cutOff() + "; what came was dealt with, and is kept");
    }
    return totals.failed() == 0 && totals.complete() ? ExitCodes.OK : ExitCodes.REFUSED;
  }

  /** The lines, once what they overwrite and delete may be lost. */
  private InputStream open() throws IOException {
    String loss = "this would overwrite and delete entries that are there, but with --if-absent";
    if (file == null || file.toString().equals("-")) {
      if (!ifAbsent) {
        confirmation.require(loss);
      }
      return weir.terminal().in();
    }
    if (!Files.exists(file)) {
      throw Refusals.usage(file + ": there is no such file");
    }
    if (!ifAbsent) {
      confirmation.ask(
          weir.terminal(),
          loss,
          "Entries of the cluster at "
              + weir.masters().getFirst()
              + " will be overwritten with those of "
              + file
              + ", and deleted where a line says so; what they are now is lost. Import?",
          "nothing was imported");
    }
    return Files.newInputStream(file);
  }

  private void report(Import.Totals totals) {
    PrintStream out = weir.terminal().out();
    if (weir.isJson()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("complete", totals.complete() && totals.cutOff() == null);
      document.put("written", totals.written());
      document.put("leftAlone", totals.leftAlone());
      document.put("expired", totals.expired());
      document.put("failed", totals.failed());
      document.put("nextLine", totals.nextLine());
      JsonOutput.print(out, document);
      return;
    }
    out.println(
        Figures.count(totals.written())
            + " written, "
            + Figures.count(totals.leftAlone())
            + " left alone, "
            + Figures.count(totals.expired())
            + " expired, "
            + Figures.count(totals.failed())
            + " failed");
    if (!totals.complete()) {
      out.println("stopped after too many failures; go on with --from-line " + totals.nextLine());
    }
  }
}
