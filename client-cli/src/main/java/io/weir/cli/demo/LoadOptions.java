package io.weir.cli.demo;

import io.weir.cli.load.Distribution;
import io.weir.cli.load.LoadPlan;
import io.weir.model.ByteSize;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The demo's load, as its options say; what has no option is as {@code weir load} has it. */
final class LoadOptions {

  private static final Duration LONGEST_WARMUP = Duration.ofSeconds(5);
  private static final int WARMUP_SHARE = 5;
  private static final int CORES_PER_LOOP = 4;
  private static final double THETA = 0.99;

  @Option(
      names = "--duration",
      defaultValue = "30s",
      paramLabel = "TIME",
      description =
          "Load that is measured, after a warm-up of a fifth of it (at most 5s)."
              + " Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ofSeconds(30);

  @Option(
      names = "--clients",
      defaultValue = "32",
      description = "Requests in flight. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--keys",
      defaultValue = "20000",
      description = "Number of keys. Default: ${DEFAULT-VALUE}")
  private int keys;

  @Option(
      names = "--value-size",
      defaultValue = "100B",
      paramLabel = "SIZE",
      description = "Bytes of a value, such as 100B or 4KiB. Default: ${DEFAULT-VALUE}")
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
      defaultValue = "20261122",
      description = "Of the random numbers. Default: ${DEFAULT-VALUE}")
  private long seed;

  LoadPlan plan(Duration requestTimeout) {
    Duration warmup = duration.dividedBy(WARMUP_SHARE);
    int loops = Runtime.getRuntime().availableProcessors() / CORES_PER_LOOP;
    return new LoadPlan(
        clients,
        keys,
        valueSize,
        reads,
        distribution,
        THETA,
        warmup.compareTo(LONGEST_WARMUP) < 0 ? warmup : LONGEST_WARMUP,
        duration,
        seed,
        "load:",
        Math.clamp(loops, 1, Math.max(1, clients)),
        requestTimeout);
  }
}
