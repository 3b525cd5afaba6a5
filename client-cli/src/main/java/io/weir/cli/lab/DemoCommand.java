package io.weir.cli.lab;

import io.weir.cli.load.ProgressLine;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.Usage;
import io.weir.cli.shell.Weir;
import io.weir.lab.cluster.ClusterPlan;
import io.weir.lab.demo.Demo;
import io.weir.lab.demo.DemoPlan;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir demo}: a whole cluster on this machine, loaded and audited. */
@Command(
    name = "demo",
    description = {
      "Starts a whole cluster on this machine, loads it, and audits what it acknowledged.",
      "",
      "A database, a master and a cache server for each shard run as processes of their own, and"
          + " are started again when they die. Every key is inserted, and the load goes on until"
          + " the throughput is flat. Then it is measured: what the database was spared, the highest"
          + " throughput, and latencies at half of it. With --mysql, MySQL's own counters stand"
          + " beside.",
      "",
      "At the end every acknowledged write is read back through the caches and then, after a flush,"
          + " from the databases. The cluster stays up until Ctrl-C, which stops it in order: what"
          + " is dirty is written back first.",
      "",
      "DATA_DIR/cluster.json says which processes run, DATA_DIR/logs what they say. Once the"
          + " cluster serves, a line 'ready URL' stands on standard output."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir demo",
      "  weir demo --duration 10s --exit",
      "  weir demo --no-load --shards 2 --set weir.cache.max-bytes=8MiB",
      "  weir demo --mysql 'jdbc:mysql://db1/weir?user=weir&password=secret' \\",
      "      'jdbc:mysql://db2/weir?user=weir&password=secret'"
    })
public final class DemoCommand implements Callable<Integer> {

  private static final int DEFAULT_SHARDS = 3;

  private final Weir weir;

  @Option(
      names = "--shards",
      description = "Number of shards. Default: as many as --mysql has URLs, else 3")
  private @Nullable Integer shards;

  @Option(
      names = "--members",
      defaultValue = "1",
      description =
          "Cache servers of each shard, its leader included: 3 survive the loss of any one. Each"
              + " takes about 500 MiB. Default: ${DEFAULT-VALUE}")
  private int members;

  @Option(
      names = "--port",
      defaultValue = "7400",
      description =
          "The master's; the cache servers' ports follow, then the database's."
              + " Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "DATA_DIR",
      description = {
        "Where all files are; a later demo with the same one goes on with the same rows.",
        "Default: weir-data/demo; with --exit a temporary one, deleted if all went well"
      })
  private @Nullable Path dataDirectory;

  @Option(
      names = "--set",
      paramLabel = "PROPERTY=VALUE",
      description = "A setting for every cache server; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin private final MysqlOption mysql = new MysqlOption();

  @Option(names = "--no-load", description = "Only bring the cluster up.")
  private boolean noLoad;

  @Option(names = "--exit", description = "Stop after the audit.")
  private boolean exit;

  @Mixin private final LoadOptions load = new LoadOptions();

  public DemoCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() {
    Demo demo = Usage.of(this::demo);
    int status;
    try (demo) {
      status = status(demo.run());
    }
    if (demo.isTemporary()) {
      if (status == ExitCodes.OK) {
        demo.forget();
      } else {
        weir.terminal().err().println("the files are in " + demo.directory());
      }
    }
    return status;
  }

  private static int status(Demo.Outcome outcome) {
    if (!outcome.intact()) {
      return ExitCodes.WRITES_MISSING;
    }
    Integer signalled = outcome.signalStatus();
    return signalled != null ? signalled : ExitCodes.OK;
  }

  private Demo demo() {
    return new Demo(
        plan(),
        path(),
        LabConsole.on(weir.terminal()),
        new ProgressLine(weir.terminal()),
        () -> Runtime.getRuntime().halt(ExitCodes.UNEXPECTED));
  }

  private @Nullable Path path() {
    if (dataDirectory != null) {
      return dataDirectory;
    }
    return exit ? null : Path.of("weir-data", "demo");
  }

  private DemoPlan plan() {
    if (weir.isJson()) {
      throw new IllegalArgumentException(
          "--output json: the demo has text only; for scripts there is DATA_DIR/cluster.json");
    }
    int count =
        shards != null ? shards : mysql.urls().isEmpty() ? DEFAULT_SHARDS : mysql.urls().size();
    return new DemoPlan(
        new ClusterPlan(count, members, port, settings, mysql.urls()),
        noLoad ? null : load.plan(weir.timeout()),
        exit);
  }
}
