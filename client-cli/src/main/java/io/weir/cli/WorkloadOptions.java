package io.weir.cli;

import io.weir.cli.load.Distribution;
import io.weir.model.ByteSize;
import picocli.CommandLine.Option;

/** The options of a load that {@code load} and {@code demo} share. */
public final class WorkloadOptions {

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "32",
      description = "Requests in flight. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--value-size",
      defaultValue = "100B",
      paramLabel = "SIZE",
      description =
          "Bytes of a value, such as 100B or 4KiB; below 24 it cannot be verified."
              + " Default: ${DEFAULT-VALUE}")
  private ByteSize valueSize = new ByteSize(100);

  @Option(
      names = "--reads",
      defaultValue = "0.9",
      paramLabel = "SHARE",
      description = "Share of reads, 0 to 1; the rest are writes. Default: ${DEFAULT-VALUE}")
  private double reads;

  @Option(
      names = "--distribution",
      defaultValue = "zipfian",
      paramLabel = "uniform|zipfian",
      description = "How often each key is asked for. Default: ${DEFAULT-VALUE}")
  private Distribution distribution = Distribution.ZIPFIAN;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "20261122",
      description = "Of the random numbers. Default: ${DEFAULT-VALUE}")
  private long seed;

  public int clients() {
    return clients;
  }

  public ByteSize valueSize() {
    return valueSize;
  }

  public double reads() {
    return reads;
  }

  public Distribution distribution() {
    return distribution;
  }

  public long seed() {
    return seed;
  }
}
