package io.weir.cli.load;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Terminal;
import io.weir.load.report.HtmlReport;
import io.weir.load.result.LoadResult;
import io.weir.load.result.ResultFile;
import io.weir.load.threshold.Threshold;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a result goes, and when it counts as a failure. */
final class ResultOptions {

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write everything recorded, with histograms and timeline, as JSON.")
  private @Nullable Path json;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write a self-contained HTML page with the curves and all figures.")
  private @Nullable Path report;

  @Option(
      names = "--fail-if",
      paramLabel = "CONDITION",
      description =
          "Exit with 3 when it is met, such as 'p99>10ms', 'read.p99.9>20ms', 'throughput<1000',"
              + " 'errors>0', 'hit-ratio<0.9' or 'stale>0'; may be repeated.")
  private List<String> conditions = new ArrayList<>();

  /**
   * The conditions, to be read before anything is run.
   *
   * @throws CommandException when one cannot be read
   */
  List<Threshold> thresholds() {
    try {
      return conditions.stream().map(Threshold::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCodes.USAGE, "--fail-if " + e.getMessage());
    }
  }

  /** Writes the files that were asked for. */
  void write(LoadResult result) {
    write(result, json, ResultFile::write);
    write(result, report, HtmlReport::write);
  }

  /** Writes a file. */
  private interface Writer {
    void write(LoadResult result, Path file) throws IOException;
  }

  private static void write(LoadResult result, @Nullable Path file, Writer writer) {
    if (file == null) {
      return;
    }
    try {
      writer.write(result, file);
    } catch (IOException e) {
      throw new CommandException(
          ExitCodes.UNEXPECTED, "the result cannot be written to " + file + ": " + e);
    }
  }

  /** Says which conditions a result meets, and returns the exit code for that. */
  static int judge(LoadResult result, List<Threshold> thresholds, Terminal terminal) {
    List<String> met =
        thresholds.stream().map(each -> each.met(result)).filter(Objects::nonNull).toList();
    met.forEach(each -> terminal.err().println("weir: " + each));
    return met.isEmpty() ? ExitCodes.OK : ExitCodes.THRESHOLD_MISSED;
  }
}
