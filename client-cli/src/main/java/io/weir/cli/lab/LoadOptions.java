package io.weir.cli.lab;

import io.weir.cli.load.WorkloadOptions;
import io.weir.load.run.LoadPlan;
import io.weir.load.workload.Distribution;
import io.weir.load.workload.Mix;
import io.weir.load.workload.Popularity;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The demo's load, as its options say; what has no option is as {@code weir load} has it. */
final class LoadOptions {

  private static final Duration LONGEST_WARMUP = Duration.ofSeconds(5);
  private static final int WARMUP_SHARE = 5;
  private static final int CORES_PER_LOOP = 4;

  @Mixin private final WorkloadOptions workload = new WorkloadOptions();

  @Option(
      names = "--duration",
      defaultValue = "30s",
      paramLabel = "TIME",
      description =
          "Load that is measured, after a warm-up of a fifth of it (at most 5s)."
              + " Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ofSeconds(30);

  @Option(
      names = "--keys",
      defaultValue = "20000",
      description = "Number of keys. Default: ${DEFAULT-VALUE}")
  private int keys;

  LoadPlan plan(Duration requestTimeout) {
    Duration warmup = duration.dividedBy(WARMUP_SHARE);
    int loops = Runtime.getRuntime().availableProcessors() / CORES_PER_LOOP;
    return LoadPlan.builder()
        .clients(workload.clients())
        .keys(keys)
        .valueSizes(workload.valueSizes())
        .mix(Mix.reading(workload.reads()))
        .popularity(Popularity.of(workload.distribution(Distribution.ZIPFIAN)))
        .warmup(warmup.compareTo(LONGEST_WARMUP) < 0 ? warmup : LONGEST_WARMUP)
        .duration(duration)
        .seed(workload.seed())
        .threads(Math.clamp(loops, 1, Math.max(1, workload.clients())))
        .requestTimeout(requestTimeout)
        .build();
  }
}
