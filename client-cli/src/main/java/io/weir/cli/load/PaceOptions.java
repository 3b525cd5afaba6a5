package io.weir.cli.load;

import io.weir.load.run.Arrivals;
import io.weir.load.run.Pace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When the operations of {@code load} begin. */
final class PaceOptions {

  @Option(
      names = "--rate",
      paramLabel = "NUMBER",
      description = {
        "Open loop: as many operations a second are due, whatever the answers do, and their latency"
            + " counts from when they were due.",
        "Default: a closed loop, in which each client begins when its last answer is there."
      })
  private @Nullable Double rate;

  @Option(
      names = "--arrivals",
      paramLabel = "constant|poisson",
      description = "How they follow each other with --rate. Default: constant")
  private @Nullable Arrivals arrivals;

  @Option(
      names = "--think-time",
      paramLabel = "TIME",
      description = "Closed loop: how long a client waits after each answer. Default: 0s")
  private @Nullable Duration thinkTime;

  /** Whether anything was asked for. */
  boolean isGiven() {
    return rate != null || arrivals != null || thinkTime != null;
  }

  /** How the operations of an open loop follow each other. */
  Arrivals arrivals() {
    return arrivals == null ? Arrivals.CONSTANT : arrivals;
  }

  /**
   * The pace that was asked for.
   *
   * @param first the rate of an open loop although none was given; null for a closed one then
   * @throws IllegalArgumentException when the options contradict each other
   */
  Pace pace(@Nullable Double first) {
    Double open = rate != null ? rate : first;
    if (open != null && thinkTime != null) {
      throw new IllegalArgumentException(
          "--think-time is for the closed loop; in an open one clients do not decide when to"
              + " begin");
    }
    if (open != null) {
      return new Pace.Open(open, arrivals());
    }
    if (arrivals != null) {
      throw new IllegalArgumentException("--arrivals needs --rate");
    }
    return new Pace.Closed(thinkTime == null ? Duration.ZERO : thinkTime);
  }
}
