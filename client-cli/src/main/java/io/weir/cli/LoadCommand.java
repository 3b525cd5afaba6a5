package io.weir.cli;

import io.weir.cli.load.LoadPlan;
import io.weir.cli.load.LoadReport;
import io.weir.cli.load.LoadRun;
import io.weir.client.WeirClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir load}: closed-loop load, and what it measured. */
@Command(
    name = "load",
    description = {
      "Puts a closed-loop load on the cluster and measures it.",
      "",
      "Each client has exactly one request in flight and sends the next when the answer is there;"
          + " so a slower cluster is also asked less, and the latencies are those of this load,"
          + " not of a fixed rate. Latencies count from the request to the complete answer.",
      "",
      "A failed request is counted and not repeated. The hit ratio is the servers' own account."
          + " Each key is written by one client only, and every value can be told from any other."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir load",
      "  weir load --clients 64 --reads 0.5 --value-size 1KiB --duration 60s",
      "  weir load --distribution uniform --keys 5000000 --threads 2",
      "  weir load --duration 20s --output json > load.json"
    })
final class LoadCommand implements Callable<Integer> {

  /** How long Ctrl-C waits for the report. */
  private static final Duration LONGEST_REPORT = Duration.ofSeconds(10);

  private final WeirCommand weir;

  @Mixin private final WorkloadOptions workload = new WorkloadOptions();

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Number of keys. Default: ${DEFAULT-VALUE}")
  private int keys;

  @Option(
      names = "--key-prefix",
      paramLabel = "TEXT",
      defaultValue = "load:",
      description = "What keys start with; a number follows. Default: ${DEFAULT-VALUE}")
  private String keyPrefix = "load:";

  @Option(
      names = "--theta",
      paramLabel = "NUMBER",
      defaultValue = "0.99",
      description = "Skew of zipfian: the k-th key's share is 1/k^theta. Default: ${DEFAULT-VALUE}")
  private double theta;

  @Option(
      names = "--warmup",
      defaultValue = "5s",
      paramLabel = "TIME",
      description = "Load before the measurement. Default: ${DEFAULT-VALUE}")
  private Duration warmup = Duration.ofSeconds(5);

  @Option(
      names = "--duration",
      defaultValue = "30s",
      paramLabel = "TIME",
      description = "Load that is measured. Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ofSeconds(30);

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Event loops. Default: a quarter of the cores, at least 1.")
  private @Nullable Integer threads;

  LoadCommand(WeirCommand weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws InterruptedException {
    LoadPlan plan = plan();
    boolean json = weir.isJson();
    if (!json) {
      weir.terminal().out().println(LoadText.plan(plan));
    }
    try (StopHook signals = new StopHook("weir-load-stop", LONGEST_REPORT)) {
      LoadReport report = run(plan, signals);
      if (json) {
        JsonOutput.print(weir.terminal().out(), LoadText.document(plan, report));
      } else {
        weir.terminal().out().print(LoadText.report(report));
      }
      if (report.succeeded() == 0) {
        throw new CommandException(ExitCodes.NOT_REACHABLE, "no request of the load succeeded");
      }
      return ExitCodes.OK;
    }
  }

  /** Runs the plan; a signal ends it early. */
  private LoadReport run(LoadPlan plan, StopHook signals) throws InterruptedException {
    try (WeirClient client = weir.clientBuilder().build()) {
      LoadRun run = new LoadRun(plan, client, new ProgressLine(weir.terminal()));
      signals.onSignal(run::stop);
      return run.run();
    }
  }

  private LoadPlan plan() {
    try {
      int loops = threads != null ? threads : defaultThreads();
      return new LoadPlan(
          workload.clients(),
          keys,
          workload.valueSize(),
          workload.reads(),
          workload.distribution(),
          theta,
          warmup,
          duration,
          workload.seed(),
          keyPrefix,
          loops,
          weir.timeout());
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private int defaultThreads() {
    return Math.clamp(
        Runtime.getRuntime().availableProcessors() / 4, 1, Math.max(1, workload.clients()));
  }
}
