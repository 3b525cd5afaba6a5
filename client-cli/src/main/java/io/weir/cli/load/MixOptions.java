package io.weir.cli.load;

import io.weir.load.workload.Distribution;
import io.weir.load.workload.Mix;
import io.weir.load.workload.Popularity;
import io.weir.load.workload.Preset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code load} asks for beyond what {@link WorkloadOptions} say. */
final class MixOptions {

  @Option(
      names = "--workload",
      defaultValue = "custom",
      paramLabel = "a|b|c|d|f|custom",
      description = {
        "YCSB's workloads: a 50%% reads 50%% updates, b 95%% and 5%%, c reads only, d 95%% reads"
            + " 5%% inserts of the latest keys, f 50%% reads 50%% read-modify-writes.",
        "custom is what --reads and the like say. Default: ${DEFAULT-VALUE}"
      })
  private Preset preset = Preset.CUSTOM;

  @Option(
      names = "--updates",
      paramLabel = "SHARE",
      description = "Share of updates; all shares together are 1.")
  private @Nullable Double updates;

  @Option(
      names = "--inserts",
      paramLabel = "SHARE",
      description = "Share of inserts, of keys beyond all others.")
  private @Nullable Double inserts;

  @Option(names = "--deletes", paramLabel = "SHARE", description = "Share of deletes.")
  private @Nullable Double deletes;

  @Option(
      names = "--read-modify-write",
      paramLabel = "SHARE",
      description = "Share of reads with a write of the same key behind them, as one operation.")
  private @Nullable Double readModifyWrites;

  @Option(
      names = "--theta",
      paramLabel = "NUMBER",
      defaultValue = "0.99",
      description =
          "Skew of zipfian and latest: the k-th key's share is 1/k^theta. Default:"
              + " ${DEFAULT-VALUE}")
  private double theta;

  @Option(
      names = "--hot-keys",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description = "Share of the keys that hotspot prefers. Default: ${DEFAULT-VALUE}")
  private double hotKeys;

  @Option(
      names = "--hot-operations",
      paramLabel = "SHARE",
      defaultValue = "0.8",
      description = "Share of the operations that go to those. Default: ${DEFAULT-VALUE}")
  private double hotOperations;

  /**
   * The shares of the operations.
   *
   * @throws IllegalArgumentException when they make no sense together
   */
  Mix mix(WorkloadOptions workload) {
    Double reads = workload.readsAskedFor();
    boolean others =
        updates != null || inserts != null || deletes != null || readModifyWrites != null;
    Mix mix = preset.mix();
    if (mix != null) {
      if (others || reads != null) {
        throw new IllegalArgumentException(
            "--workload "
                + preset
                + " has shares of its own ("
                + mix
                + "); --reads and the like"
                + " go with --workload custom");
      }
      return mix;
    }
    return others
        ? new Mix(or0(reads), or0(updates), or0(inserts), or0(deletes), or0(readModifyWrites))
        : Mix.reading(workload.reads());
  }

  private static double or0(@Nullable Double share) {
    return share == null ? 0 : share;
  }

  /** How often each key is asked for. */
  Popularity popularity(WorkloadOptions workload) {
    Distribution distribution = workload.distribution(preset.distribution());
    return new Popularity(distribution, theta, hotKeys, hotOperations);
  }
}
