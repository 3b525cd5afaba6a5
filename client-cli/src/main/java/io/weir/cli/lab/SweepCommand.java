package io.weir.cli.lab;

import io.weir.cli.load.ProgressLine;
import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.StopHook;
import io.weir.cli.shell.Terminal;
import io.weir.cli.shell.Usage;
import io.weir.cli.shell.Weir;
import io.weir.lab.cluster.Cluster;
import io.weir.lab.cluster.ClusterPlan;
import io.weir.lab.cluster.LocalCluster;
import io.weir.lab.sweep.Capacity;
import io.weir.lab.sweep.Sweep;
import io.weir.lab.sweep.SweepPlan;
import io.weir.lab.sweep.SweepResult;
import io.weir.lab.sweep.SweepText;
import io.weir.load.report.HtmlPage;
import io.weir.load.run.ThisMachine;
import io.weir.model.ByteSize;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir sweep}: how much a larger cache would help. */
@Command(
    name = "sweep",
    description = {
      "Tries out sizes of the cache: what hit ratio, throughput, latency and number of database"
          + " statements each gives.",
      "",
      "It starts a cluster on this machine, as weir demo does, writes all rows, and then measures"
          + " every size (a share of the keys, --capacity) under every skew (--theta): with caches"
          + " that hold at the start what they would hold after a long load. Beside each hit ratio"
          + " stands that of an exact LRU of the same size that saw the same requests.",
      "",
      "A measurement takes --warmup, --duration and 10 to 30 s besides. Use as many keys as you can"
          + " afford; the ratios depend little on their number. Nothing of another cluster is"
          + " touched."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir sweep",
      "  weir sweep --capacity 5%%,10%%,20%% --theta 0.8,0.99 --report sweep.html",
      "  weir sweep --policy lru,w-tinylfu --theta 0.99",
      "  weir sweep --keys 1000000 --reads 0.5 --duration 30s --csv sweep.csv",
      "  weir sweep --mysql 'jdbc:mysql://db1/weir?user=weir&password=secret'"
    })
public final class SweepCommand implements Callable<Integer> {

  /** How long Ctrl-C waits for the cluster to stop and for the report. */
  private static final Duration LONGEST_STOP = Duration.ofMinutes(2);

  private final Weir weir;

  @Mixin private final SweepFiles files = new SweepFiles();

  @Option(
      names = "--capacity",
      split = ",",
      paramLabel = "SHARE",
      defaultValue = "1%,2%,5%,10%,20%,50%",
      description =
          "Sizes of the cache, all servers together, as shares of the keys. Default:"
              + " 1%%,2%%,5%%,10%%,20%%,50%%")
  private List<Capacity> capacities = List.of();

  @Option(
      names = "--theta",
      split = ",",
      paramLabel = "NUMBER",
      defaultValue = "0.8,0.99,1.2",
      description =
          "Skews: the k-th most popular key's share is 1/k^theta. Default: ${DEFAULT-VALUE}")
  private List<Double> thetas = List.of();

  @Option(
      names = "--policy",
      split = ",",
      paramLabel = "POLICY",
      defaultValue = "lru",
      description =
          "Policies of eviction, each tried with every size and skew: lru, w-tinylfu. Default:"
              + " ${DEFAULT-VALUE}")
  private List<String> policies = List.of();

  @Option(
      names = "--keys",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Number of keys. Default: ${DEFAULT-VALUE}")
  private int keys;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "16",
      description = "Requests in flight. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--reads",
      paramLabel = "SHARE",
      defaultValue = "0.95",
      description = "Share of reads, 0 to 1; the rest are writes. Default: ${DEFAULT-VALUE}")
  private double reads;

  @Option(
      names = "--value-size",
      paramLabel = "SIZE",
      defaultValue = "100B",
      description = "Bytes of every value. Default: ${DEFAULT-VALUE}")
  private ByteSize valueSize = new ByteSize(100);

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "Load before each measurement. Default: ${DEFAULT-VALUE}")
  private Duration warmup = Duration.ofSeconds(5);

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "Load that is measured, each time. Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ofSeconds(10);

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "20261122",
      description = "Of the random numbers. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Cache servers, each with a database of its own and its part of the capacity."
              + " Default: ${DEFAULT-VALUE}")
  private int shards;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "7600",
      description = "The master's; the others follow. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--set",
      paramLabel = "PROPERTY=VALUE",
      description =
          "A setting for every cache server; may be repeated. The sweep sets"
              + " weir.cache.max-entries, max-bytes and policy itself, and weir.cache.stripes"
              + " unless it is given: 64, or so many that each holds 64 entries.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin private final MysqlOption mysql = new MysqlOption();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where all files are. Default: a temporary one, deleted if all went well")
  private @Nullable Path dataDirectory;

  private @Nullable RuntimeException failure;

  public SweepCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws InterruptedException {
    SweepPlan plan = Usage.of(this::plan);
    LocalCluster cluster = Usage.of(() -> cluster(plan));
    try (cluster;
        StopHook signals = new StopHook("weir-sweep-stop", LONGEST_STOP)) {
      SweepResult result = sweep(plan, cluster, signals);
      if (result.cells().isEmpty()) {
        throw new CommandException(
            ExitCodes.UNEXPECTED, "it was stopped before anything was measured");
      }
      report(result);
      if (failure != null) {
        throw failure;
      }
      boolean complete = result.cells().size() == plan.cells().size();
      if (complete) {
        cluster.forget();
      }
      return complete ? ExitCodes.OK : ExitCodes.UNEXPECTED;
    }
  }

  private LocalCluster cluster(SweepPlan plan) {
    return new LocalCluster(
        new ClusterPlan(shards, 1, port, plan.fillSettings(), mysql.urls()),
        dataDirectory,
        Cluster.CacheWiring.STRAIGHT,
        LabConsole.on(weir.terminal()));
  }

  private SweepResult sweep(SweepPlan plan, LocalCluster cluster, StopHook signals)
      throws InterruptedException {
    Terminal terminal = weir.terminal();
    Sweep sweep =
        new Sweep(
            plan,
            cluster,
            ThisMachine.environment(List.of(URI.create(cluster.masterUrl()))),
            () -> new ProgressLine(terminal),
            terminal.err()::println,
            InstantSource.system());
    signals.onSignal(sweep::stop);
    SweepResult result = sweep.run();
    failure = sweep.failure();
    if (!cluster.stop()) {
      terminal
          .err()
          .println("not all processes stopped well; the files are in " + cluster.directory());
    }
    return result;
  }

  private void report(SweepResult result) {
    if (weir.isJson()) {
      JsonOutput.print(weir.terminal().out(), result);
    } else {
      weir.terminal().out().print(SweepText.table(result) + SweepText.notes(result));
    }
    files.write(result);
  }

  private SweepPlan plan() {
    return new SweepPlan(
        capacities,
        thetas,
        policies,
        keys,
        clients,
        reads,
        valueSize,
        warmup,
        duration,
        seed,
        shards,
        weir.timeout(),
        settings);
  }

  /** Where the results go. */
  static final class SweepFiles {

    @Option(
        names = "--report",
        paramLabel = "FILE",
        description = "Write a self-contained HTML page with the curves.")
    private @Nullable Path report;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures as JSON.")
    private @Nullable Path json;

    @Option(
        names = "--csv",
        paramLabel = "FILE",
        description = "Write all figures as comma-separated values.")
    private @Nullable Path csv;

    void write(SweepResult result) {
      try {
        if (json != null) {
          Files.writeString(json, JsonOutput.text(result));
        }
        if (csv != null) {
          Files.writeString(csv, SweepText.csv(result));
        }
        if (report != null) {
          HtmlPage.write(report, HtmlPage.View.SWEEP, "Sweep of the cache size", result);
        }
      } catch (IOException e) {
        throw new CommandException(ExitCodes.UNEXPECTED, "a result cannot be written: " + e);
      }
    }
  }
}
