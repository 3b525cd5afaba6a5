package io.weir.cli.load;

import io.weir.load.threshold.Objective;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The search of {@code load} for the highest rate. */
final class SearchOptions {

  /** Or else a rate would be kept at which what is slow is refused. */
  private static final String ERRORS = "errors=0.1%";

  @Option(
      names = "--find-max",
      description =
          "Search the highest rate that keeps every --slo, beginning with --rate (1000); --duration"
              + " is how long each is tried.")
  private boolean findMax;

  @Option(
      names = "--slo",
      paramLabel = "OBJECTIVE",
      description =
          "What --find-max is to keep, such as p99=5ms, read.p99.9=20ms or errors=1%%; may be"
              + " repeated. Latencies are those of the operations that succeed, so errors=0.1%% is"
              + " kept too unless another share is given.")
  private List<String> objectives = new ArrayList<>();

  boolean isWanted() {
    return findMax;
  }

  /**
   * The objectives.
   *
   * @throws IllegalArgumentException when one cannot be read, or the options contradict each other
   */
  List<Objective> objectives() {
    if (findMax == objectives.isEmpty()) {
      throw new IllegalArgumentException(
          findMax
              ? "--find-max needs an objective, such as --slo p99=5ms"
              : "--slo needs --find-max");
    }
    List<Objective> all = new ArrayList<>(objectives.stream().map(Objective::parse).toList());
    if (findMax && all.stream().noneMatch(Objective::isOfErrors)) {
      all.add(Objective.parse(ERRORS));
    }
    return all;
  }
}
