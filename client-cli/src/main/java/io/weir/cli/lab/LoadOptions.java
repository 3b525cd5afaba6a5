package io.weir.cli.lab;

import io.weir.cli.load.DoorOption;
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

  private static final int CORES_PER_LOOP = 4;

  @Mixin private final WorkloadOptions workload = new WorkloadOptions();
  @Mixin private final DoorOption door = new DoorOption();

  @Option(
      names = "--duration",
      defaultValue = "30s",
      paramLabel = "TIME",
      description =
          "Load that is measured: half of it in a closed loop, at the highest throughput, half in"
              + " an open loop, at half of that. Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ofSeconds(30);

  @Option(
      names = "--warmup",
      defaultValue = "60s",
      paramLabel = "TIME",
      description =
          "Longest load before; it ends once the throughput has stopped growing, when five windows of"
              + " 2 s in a row are at most 10 %% above the best before. Default: ${DEFAULT-VALUE}")
  private Duration warmup = Duration.ofSeconds(60);

  @Option(
      names = "--keys",
      defaultValue = "20000",
      description = "Number of keys. Default: ${DEFAULT-VALUE}")
  private int keys;

  LoadPlan plan(Duration requestTimeout) {
    int loops = Runtime.getRuntime().availableProcessors() / CORES_PER_LOOP;
    return LoadPlan.builder()
        .clients(workload.clients())
        .keys(keys)
        .valueSizes(workload.valueSizes())
        .mix(Mix.reading(workload.reads()))
        .popularity(Popularity.of(workload.distribution(Distribution.ZIPFIAN)))
        .warmup(warmup)
        .duration(duration)
        .seed(workload.seed())
        .threads(Math.clamp(loops, 1, Math.max(1, workload.clients())))
        .requestTimeout(requestTimeout)
        .door(door.door())
        .build();
  }
}
