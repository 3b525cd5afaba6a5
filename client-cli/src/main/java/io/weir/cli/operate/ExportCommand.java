package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.operator.OperatorApi;
import io.weir.model.HashSlots;
import io.weir.model.SlotRange;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir export}: all entries as NDJSON. */
@Command(
    name = "export",
    description = {
      "Writes all entries, one JSON document a line, to a file or to standard output.",
      "",
      "They come from the shards' leaders, so that what is not yet in the databases is among them."
          + " Each entry is as it was at some moment of the export, which is no snapshot of one"
          + " moment: flush, and back the databases up, where that matters.",
      "",
      "A line is {\"key\", \"value\" or \"valueBase64\", \"contentType\", \"expiresAt\","
          + " \"version\"}; absent fields are omitted. The last line is {\"end\": true,"
          + " \"entries\": N}: without it, the export was cut off."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir export --file all.ndjson",
      "  weir export --slots 0-5460 | gzip > first-third.ndjson.gz",
      "  weir export | weir import --yes --master http://10.1.0.1:7400"
    })
public final class ExportCommand implements Callable<Integer> {

  private static final int BUFFER = 1 << 16;

  private final Weir weir;

  @Option(
      names = "--slots",
      paramLabel = "FIRST-LAST",
      defaultValue = "0-16383",
      description = "Only entries of these hash slots. Default: ${DEFAULT-VALUE}")
  private String slots = "0-16383";

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Where to; it is there only once it is complete, and readable by its owner alone. Default: standard output")
  private @Nullable Path file;

  public ExportCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    SlotRange range = range(slots);
    if (file == null && weir.isJson()) {
      throw Refusals.usage("--output json reports on an export that goes to a --file");
    }
    Export.Totals totals;
    if (file == null) {
      totals = export(range, weir.terminal().out());
    } else {
      Path part = file.resolveSibling(file.getFileName() + ".part");
      Files.deleteIfExists(part); // Of an export that was killed.
      try (OutputStream out = Channels.newOutputStream(PrivateFile.create(part))) {
        totals = export(range, out);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
    report(totals);
    return ExitCodes.OK;
  }

  private Export.Totals export(SlotRange range, OutputStream to)
      throws IOException, InterruptedException {
    OutputStream out = new BufferedOutputStream(to, BUFFER);
    try (OperatorApi api =
            new OperatorApi(
                weir.clientBuilder().watch(false).maxResponseBytes(Export.MOST_BYTES).build(),
                weir.timeout());
        Progress progress = new Progress(weir.terminal())) {
      Export.Totals totals = new Export(api, weir.timeout(), out, progress).run(range);
      out.flush();
      if (weir.terminal().out().checkError()) {
        throw new IOException("standard output is closed");
      }
      return totals;
    }
  }

  private void report(Export.Totals totals) {
    if (weir.isJson()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("entries", totals.entries());
      document.put("bytes", totals.bytes());
      document.put("file", String.valueOf(file));
      JsonOutput.print(weir.terminal().out(), document);
    } else {
      weir.terminal()
          .err()
          .println(
              Figures.count(totals.entries())
                  + " entries, "
                  + Figures.bytes(totals.bytes())
                  + " of lines");
    }
  }

  private static SlotRange range(String text) {
    String[] ends = text.split("-", -1);
    try {
      int first = Integer.parseInt(ends[0].strip());
      int last = ends.length == 1 ? first : Integer.parseInt(ends[1].strip());
      if (ends.length <= 2) {
        return new SlotRange(first, last);
      }
    } catch (NumberFormatException e) {
      throw wrongSlots(text);
    } catch (IllegalArgumentException e) {
      throw Refusals.usage("--slots: " + e.getMessage());
    }
    throw wrongSlots(text);
  }

  private static CommandException wrongSlots(String text) {
    return Refusals.usage(
        "--slots is FIRST-LAST, such as 0-" + (HashSlots.COUNT - 1) + ", got '" + text + "'");
  }
}
