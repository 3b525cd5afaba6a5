package io.weir.cli.load;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Usage;
import io.weir.cli.shell.Weir;
import io.weir.load.report.LoadSummary;
import io.weir.load.report.LoadText;
import io.weir.load.result.LoadResult;
import io.weir.load.result.ResultFile;
import io.weir.load.result.ResultMerge;
import io.weir.load.threshold.Threshold;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir merge}: the results of several load processes as one. */
@Command(
    name = "merge",
    description = {
      "Makes one result of those that several load processes recorded at the same time.",
      "",
      "Each ran 'weir load --client-id I/N --json FILE' on the same cluster, with a clock that"
          + " agrees with the others'. Percentiles are those of all operations together. The"
          + " measured time is the whole, from the first start to the last end."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir merge 1.json 2.json --json all.json",
      "  weir merge results/*.json --fail-if 'p99>10ms'"
    })
final class MergeCommand implements Callable<Integer> {

  /** Results that have less of their time in common are hardly of one load. */
  private static final double LEAST_OVERLAP = 0.9;

  private final Weir weir;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "What weir load --json wrote.")
  private List<Path> files = List.of();

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      defaultValue = "load",
      description = "What the merged run is called in reports. Default: ${DEFAULT-VALUE}")
  private String name = "load";

  @Mixin private final ResultOptions results = new ResultOptions();

  MergeCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() {
    List<Threshold> thresholds = results.thresholds();
    ResultMerge merge = Usage.of(() -> new ResultMerge(read()));
    warn(merge);
    LoadResult result = merge.merge(name);
    if (weir.isJson()) {
      JsonOutput.print(weir.terminal().out(), LoadSummary.document(result));
    } else {
      weir.terminal().out().print(LoadText.result(result));
    }
    results.write(result);
    return ResultOptions.judge(result, thresholds, weir.terminal());
  }

  private List<LoadResult> read() {
    List<LoadResult> all = new ArrayList<>();
    try {
      for (Path file : files) {
        all.add(ResultFile.read(file));
      }
    } catch (IOException e) {
      throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
    }
    return all;
  }

  private void warn(ResultMerge merge) {
    if (merge.overlap() < LEAST_OVERLAP) {
      weir.terminal()
          .err()
          .println(
              String.format(
                  Locale.ROOT,
                  "weir: the processes measured together for only %.0f%% of the time; the merged"
                      + " throughput is of the whole time",
                  merge.overlap() * 100));
    }
    if (merge.missing() > 0) {
      weir.terminal()
          .err()
          .println(
              "weir: the results of "
                  + merge.missing()
                  + " further processes are missing; by their --client-id there were more");
    }
    if (!merge.isShared()) {
      weir.terminal()
          .err()
          .println(
              "weir: not every process had a --client-id; those without may have written each"
                  + " other's keys");
    }
  }
}
