package io.weir.lab.demo;

import io.weir.lab.cluster.ClusterPlan;
import io.weir.load.run.LoadPlan;
import io.weir.load.verify.ValuePattern;
import io.weir.load.workload.ValueSizes;
import org.jspecify.annotations.Nullable;

/**
 * The course of a demo.
 *
 * @param cluster what is started
 * @param load null when none is wanted
 * @param exit whether to stop after the audit
 */
public record DemoPlan(ClusterPlan cluster, @Nullable LoadPlan load, boolean exit) {

  /** Rejects what cannot be done, naming the command line's option. */
  public DemoPlan {
    if (load == null && exit) {
      throw new IllegalArgumentException(
          "--exit ends the demo after the audit; --no-load has none");
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
