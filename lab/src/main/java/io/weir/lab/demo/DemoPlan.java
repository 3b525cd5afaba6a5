package io.weir.lab.demo;

import io.weir.lab.cluster.ClusterPlan;
import io.weir.load.run.LoadPlan;
import io.weir.load.verify.ValuePattern;
import io.weir.load.workload.ValueSizes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The course of a demo.
 *
 * @param cluster what is started
 * @param load null when none is wanted; its warm-up is the longest, its duration that of what is
 *     measured
 * @param exit whether to stop after the audit
 */
public record DemoPlan(ClusterPlan cluster, @Nullable LoadPlan load, boolean exit) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** Rejects what cannot be done, naming the command line's option. */
  public DemoPlan {
    if (load == null && exit) {
      throw new IllegalArgumentException(
          "--exit ends the demo after the audit; --no-load has none");
    }
    if (load != null && load.duration().compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "--duration is at least 1s, half of it for a closed loop and half for an open one, got "
              + load.duration().toMillis()
              + "ms");
    }
    if (load != null && load.warmup().compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException(
          "--warmup is at least 1s, got " + load.warmup().toMillis() + "ms");
    }
    ValueSizes sizes = load == null ? null : load.workload().valueSizes();
    if (sizes != null && sizes.smallest() < ValuePattern.MIN_SIZE) {
      throw new IllegalArgumentException(
          "--value-size is at least "
              + ValuePattern.MIN_SIZE
              + "B, or the audit could not tell one write from another, got "
              + sizes);
    }
  }
}
