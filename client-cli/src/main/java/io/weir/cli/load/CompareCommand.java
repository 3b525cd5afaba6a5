package io.weir.cli.load;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.load.report.Comparison;
import io.weir.load.report.ComparisonText;
import io.weir.load.report.HtmlReport;
import io.weir.load.result.LoadResult;
import io.weir.load.result.ResultFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir compare}: results of several loads side by side. */
@Command(
    name = "compare",
    description = {
      "Puts the results of several loads side by side, with ratios to the first.",
      "",
      "The files are those that 'weir load --json FILE' writes. Shown are throughput, latencies,"
          + " hit ratio, errors, what reached the databases, and the settings that differ. One run"
          + " proves little: the machine's own noise is in every figure."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir compare before.json after.json",
      "  weir compare --report compare.html one.json two.json three.json",
      "  weir compare --output json before.json after.json"
    })
final class CompareCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(
      arity = "2..*",
      paramLabel = "FILE",
      description = "Results; the first is what the others are compared with.")
  private List<Path> files = List.of();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also writes a self-contained HTML page with the curves over each other.")
  private @Nullable Path report;

  CompareCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() {
    Comparison comparison = compare();
    if (report != null) {
      try {
        HtmlReport.write(comparison, report);
      } catch (IOException e) {
        throw new CommandException(ExitCodes.USAGE, "cannot write " + report + ": " + e);
      }
    }
    if (weir.isJson()) {
      JsonOutput.print(weir.terminal().out(), ComparisonText.document(comparison));
    } else {
      weir.terminal().out().print(ComparisonText.text(comparison));
      if (report != null) {
        weir.terminal().out().println("report in " + report.toAbsolutePath().normalize());
      }
    }
    return ExitCodes.OK;
  }

  private Comparison compare() {
    List<LoadResult> results = new ArrayList<>();
    for (Path file : files) {
      try {
        results.add(ResultFile.read(file));
      } catch (IOException e) {
        throw new CommandException(ExitCodes.USAGE, message(file, e));
      }
    }
    return Comparison.of(results, names(results));
  }

  private static String message(Path file, IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.startsWith(file.toString()) ? message : "cannot read " + file + ": " + message;
  }

  /** The runs' own names where they differ, else the files', else a number besides. */
  private List<String> names(List<LoadResult> results) {
    List<String> names = results.stream().map(LoadResult::name).toList();
    if (new HashSet<>(names).size() == names.size()) {
      return names;
    }
    List<String> byFile = files.stream().map(CompareCommand::name).toList();
    if (new HashSet<>(byFile).size() == byFile.size()) {
      return byFile;
    }
    List<String> numbered = new ArrayList<>();
    for (String each : byFile) {
      numbered.add(each + " (" + (numbered.size() + 1) + ")");
    }
    return numbered;
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
  }
}
