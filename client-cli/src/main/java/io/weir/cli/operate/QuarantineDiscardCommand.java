package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.RejectedException;
import io.weir.client.operator.EntryLine;
import io.weir.client.operator.OperatorApi;
import io.weir.model.Shown;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
          + " writes each value to a new file, that of --save, one JSON document a line, from which"
          + " 'weir import' can put it back as long as the key is not written anew. A key that was"
          + " written anew meanwhile is left alone."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir quarantine discard user:1",
      "  weir quarantine discard --all --yes --save /backup/refused.ndjson"
    })
final class QuarantineDiscardCommand implements Callable<Integer> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final Weir weir;

  @Mixin private final RefusedRows rows = new RefusedRows();

  @Mixin private final Confirmation confirmation = new Confirmation();

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = {
        "The file that the values are written to before; it must not be there yet.",
        "Default: weir-discarded-TIME.ndjson"
      })
  private @Nullable Path file;

  QuarantineDiscardCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws IOException {
    rows.check();
    Path save =
        file != null ? file : Path.of("weir-discarded-" + TIME.format(Instant.now()) + ".ndjson");
    if (Files.exists(save)) {
      throw isThere(save);
    }
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      List<RefusedRows.Row> chosen = rows.find(api);
      if (chosen.isEmpty()) {
        report(save, List.of(), List.of());
        return ExitCodes.OK;
      }
      confirm(save, chosen);
      List<RefusedRows.Row> discarded = new ArrayList<>();
      List<RefusedRows.Row> kept = new ArrayList<>();
      try (FileChannel out = PrivateFile.create(save)) {
        for (RefusedRows.Row row : chosen) {
          append(out, row);
          (discard(api, row) ? discarded : kept).add(row);
        }
      } catch (FileAlreadyExistsException e) {
        throw isThere(save);
      }
      report(save, discarded, kept);
      return kept.isEmpty() ? ExitCodes.OK : ExitCodes.PRECONDITION_FAILED;
    }
  }

  private static CommandException isThere(Path save) {
    return Refusals.usage(save + " is there already; each discard writes a file of its own");
  }

  private void confirm(Path save, List<RefusedRows.Row> chosen) throws IOException {
    String lost = values(chosen.size());
    confirmation.ask(
        weir.terminal(),
        "this would lose " + lost,
        RefusedRows.table(chosen)
            + lost
            + " would be lost but for what "
            + save
            + " keeps. Discard?",
        "nothing was discarded");
  }

  /** On the disk before anything is lost. */
  private static void append(FileChannel out, RefusedRows.Row row) throws IOException {
    byte[] json = EntryLine.of(row.refused()).toJson();
    ByteBuffer line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    while (line.hasRemaining()) {
      int _ = out.write(line);
    }
    out.force(true);
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

  private void report(Path save, List<RefusedRows.Row> discarded, List<RefusedRows.Row> kept) {
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
        out.println(
            "'" + Shown.of(row.refused().key()) + "' is refused no longer, and was left alone"));
  }

  private static List<String> keys(List<RefusedRows.Row> rows) {
    return rows.stream().map(row -> row.refused().key()).toList();
  }

  private static String values(int count) {
    return count == 1 ? "1 value" : count + " values";
  }
}
