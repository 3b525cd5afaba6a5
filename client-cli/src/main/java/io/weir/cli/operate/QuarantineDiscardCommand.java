package io.weir.cli.operate;

import io.weir.cli.CommandException;
import io.weir.cli.ExitCodes;
import io.weir.cli.JsonOutput;
import io.weir.cli.Terminal;
import io.weir.cli.WeirCommand;
import io.weir.client.RejectedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir quarantine discard}: gives refused values up, once they are in a file. */
@Command(
    name = "discard",
    description = {
      "Gives up values that were acknowledged and that the database refuses: from then on each key is"
          + " what its row in the database is, at every server of its shard.",
      "",
      "This is loss of data. So it shows what would be lost and asks, or wants --yes; and it first"
          + " appends each value to the file of --save, one JSON document a line, from which 'weir"
          + " import' can put it back. A key that was written anew meanwhile is left alone."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir quarantine discard user:1",
      "  weir quarantine discard --all --yes --save /backup/refused.ndjson"
    })
final class QuarantineDiscardCommand implements Callable<Integer> {

  private final WeirCommand weir;

  @Mixin private final RefusedRows rows = new RefusedRows();

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      defaultValue = "weir-discarded.ndjson",
      description = "Where the values are appended before. Default: ${DEFAULT-VALUE}")
  private Path save = Path.of("weir-discarded.ndjson");

  QuarantineDiscardCommand(WeirCommand weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws IOException {
    rows.check();
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      List<RefusedRows.Row> chosen = rows.find(api);
      if (chosen.isEmpty()) {
        report(List.of(), List.of());
        return ExitCodes.OK;
      }
      confirm(chosen);
      List<RefusedRows.Row> discarded = new ArrayList<>();
      List<RefusedRows.Row> kept = new ArrayList<>();
      try (FileChannel file =
          FileChannel.open(save, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        for (RefusedRows.Row row : chosen) {
          append(file, row);
          (discard(api, row) ? discarded : kept).add(row);
        }
      }
      report(discarded, kept);
      return kept.isEmpty() ? ExitCodes.OK : ExitCodes.PRECONDITION_FAILED;
    }
  }

  private void confirm(List<RefusedRows.Row> chosen) throws IOException {
    if (yes) {
      return;
    }
    Terminal terminal = weir.terminal();
    if (!terminal.interactive()) {
      throw Refusals.usage(
          "this would lose " + values(chosen.size()) + "; nobody is there to ask, so say --yes");
    }
    terminal.err().print(RefusedRows.table(chosen));
    terminal
        .err()
        .print(
            values(chosen.size())
                + " would be lost but for what is appended to "
                + save
                + ". Discard? [y/N] ");
    terminal.err().flush();
    // Not closed: it is the process's standard input.
    BufferedReader in =
        new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    String answer = in.readLine();
    if (answer == null || !(answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes"))) {
      throw new CommandException(ExitCodes.NOT_CONFIRMED, "nothing was discarded");
    }
  }

  /** On the disk before anything is lost. */
  private static void append(FileChannel file, RefusedRows.Row row) throws IOException {
    byte[] json = EntryLine.of(row.refused()).toJson();
    ByteBuffer line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    while (line.hasRemaining()) {
      int _ = file.write(line);
    }
    file.force(true);
  }

  /** Returns false when the key was written, or its row taken, meanwhile. */
  private static boolean discard(OperatorApi api, RefusedRows.Row row) {
    try {
      api.discard(row.node().url(), row.refused());
      return true;
    } catch (RejectedException e) {
      int status = e.problem().status();
      if (status == 404 || status == 412) {
        return false;
      }
      throw e;
    }
  }

  private void report(List<RefusedRows.Row> discarded, List<RefusedRows.Row> kept) {
    PrintStream out = weir.terminal().out();
    if (weir.isJson()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("discarded", keys(discarded));
      document.put("kept", keys(kept));
      document.put("file", save.toString());
      JsonOutput.print(out, document);
      return;
    }
    if (discarded.isEmpty() && kept.isEmpty()) {
      out.println("no row is refused");
      return;
    }
    out.println(values(discarded.size()) + " discarded; what was lost is in " + save);
    kept.forEach(row ->
        out.println("'" + row.refused().key() + "' is refused no longer, and was left alone"));
  }

  private static List<String> keys(List<RefusedRows.Row> rows) {
    return rows.stream().map(row -> row.refused().key()).toList();
  }

  private static String values(int count) {
    return count == 1 ? "1 value" : count + " values";
  }
}
