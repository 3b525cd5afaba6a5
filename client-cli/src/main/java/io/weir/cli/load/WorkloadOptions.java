package io.weir.cli.load;

import io.weir.load.workload.Distribution;
import io.weir.load.workload.ValueSizes;
import io.weir.model.ByteSize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a load that {@code load} and {@code demo} share. */
public final class WorkloadOptions {

  private static final double USUAL_READS = 0.9;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "32",
      description = "Requests in flight, at most. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--value-size",
      defaultValue = "100B",
      paramLabel = "SIZE",
      description = {
        "Bytes of a value: 100B or 4KiB; uniform:50B-2KiB; or histogram:FILE, with a size and a"
            + " weight on each line. Below 24 bytes a value cannot be verified.",
        "Default: ${DEFAULT-VALUE}"
      })
  private ValueSizes valueSizes = ValueSizes.fixed(new ByteSize(100));

  @Option(
      names = "--reads",
      paramLabel = "SHARE",
      description = "Share of reads, 0 to 1. Alone, the rest are updates. Default: 0.9")
  private @Nullable Double reads;

  @Option(
      names = "--distribution",
      paramLabel = "NAME",
      description =
          "How often each key is asked for: uniform, zipfian, latest, hotspot or sequential."
              + " Default: zipfian")
  private @Nullable Distribution distribution;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "20261122",
      description = "Of the random numbers. Default: ${DEFAULT-VALUE}")
  private long seed;

  public int clients() {
    return clients;
  }

  public ValueSizes valueSizes() {
    return valueSizes;
  }

  /** The share of reads, as asked for or as usual. */
  public double reads() {
    return reads == null ? USUAL_READS : reads;
  }

  /** The share of reads that was asked for; null when none was. */
  @Nullable Double readsAskedFor() {
    return reads;
  }

  /** The distribution that was asked for, or else this one. */
  public Distribution distribution(Distribution usual) {
    return distribution == null ? usual : distribution;
  }

  public long seed() {
    return seed;
  }
}
