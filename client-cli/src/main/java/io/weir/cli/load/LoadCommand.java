package io.weir.cli.load;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.StopHook;
import io.weir.cli.shell.Usage;
import io.weir.cli.shell.Weir;
import io.weir.client.WeirClient;
import io.weir.load.report.LoadSummary;
import io.weir.load.report.LoadText;
import io.weir.load.result.LoadResult;
import io.weir.load.result.Verification;
import io.weir.load.run.LoadAbortedException;
import io.weir.load.run.LoadPlan;
import io.weir.load.run.LoadRun;
import io.weir.load.run.MaxRateSearch;
import io.weir.load.run.Pace;
import io.weir.load.run.Phase;
import io.weir.load.run.RateSearch;
import io.weir.load.run.ThisMachine;
import io.weir.load.threshold.Objective;
import io.weir.load.threshold.Threshold;
import io.weir.load.verify.ValuePattern;
import io.weir.load.verify.WriteLog;
import io.weir.load.verify.WriteLogFile;
import io.weir.load.workload.ClientShare;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir load}: a load, and what it measured. */
@Command(
    name = "load",
    description = {
      "Puts a load on the cluster and measures it.",
      "",
      "First every key is inserted once (--phase), then the operations run: for --warmup without"
          + " counting, and then for --duration. Closed loop: each client begins when its last"
          + " answer is there, so a slower cluster is also asked less. Open loop (--rate):"
          + " operations are due by the clock, and one that has to wait for a free client has"
          + " waited in its latency.",
      "",
      "A failed request is counted and not repeated. The hit ratio is the servers' own account."
          + " Each key has one writer at a time, and every value can be told from any other. The"
          + " last line says whether the generator or the cluster was the limit."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir load",
      "  weir load --workload b --keys 1000000 --value-size uniform:50B-2KiB",
      "  weir load --rate 5000 --arrivals poisson --duration 60s --json run.json",
      "  weir load --find-max --slo p99=5ms --slo errors=0.1%%",
      "  weir load --verify --write-log run.log && weir verify run.log",
      "  weir load --door redis --reads 0.5",
      "  weir load --duration 20s --fail-if 'p99>10ms' --fail-if 'errors>0'",
      "  weir load --client-id 1/2 --json 1.json      # and 2/2 elsewhere, then weir merge"
    })
final class LoadCommand implements Callable<Integer> {

  /** How long Ctrl-C waits for the report. */
  private static final Duration LONGEST_REPORT = Duration.ofSeconds(30);

  private static final Duration DURATION = Duration.ofSeconds(30);
  private static final Duration WARMUP = Duration.ofSeconds(5);
  private static final Duration STEP_DURATION = Duration.ofSeconds(10);
  private static final Duration STEP_WARMUP = Duration.ofSeconds(2);
  private static final double FIRST_RATE = 1_000;

  private final Weir weir;

  @Mixin private final WorkloadOptions workload = new WorkloadOptions();
  @Mixin private final MixOptions mix = new MixOptions();
  @Mixin private final PaceOptions pace = new PaceOptions();
  @Mixin private final SearchOptions search = new SearchOptions();
  @Mixin private final ResultOptions results = new ResultOptions();
  @Mixin private final DoorOption door = new DoorOption();

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
      names = "--phase",
      paramLabel = "load|run|both",
      defaultValue = "both",
      description =
          "Insert every key once and measure that; run on what is there; or insert, then run."
              + " Default: ${DEFAULT-VALUE}")
  private Phase phase = Phase.BOTH;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      description = "Load before the measurement. Default: 5s; with --find-max 8s and then 2s")
  private @Nullable Duration warmup;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description = "Load that is measured. Default: 30s; 10s with --find-max")
  private @Nullable Duration duration;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Event loops. Default: a quarter of the cores, at least 1.")
  private @Nullable Integer threads;

  @Option(
      names = "--client-id",
      paramLabel = "I/N",
      defaultValue = "1/1",
      description =
          "This is the I-th of N processes that load the cluster together; each writes its own"
              + " keys. Default: ${DEFAULT-VALUE}")
  private ClientShare share = ClientShare.ALL;

  @Option(
      names = "--verify",
      description =
          "Judge every read: it is an error when it is older than what was acknowledged or read"
              + " before it began, damaged, or missing. Exits with 1 when there was one.")
  private boolean verify;

  @Option(
      names = "--write-log",
      paramLabel = "FILE",
      description = "Save what was acknowledged, for weir verify.")
  private @Nullable Path writeLog;

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      defaultValue = "load",
      description = "What the run is called in reports. Default: ${DEFAULT-VALUE}")
  private String name = "load";

  LoadCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Threshold> thresholds = results.thresholds();
    List<Objective> objectives = Usage.of(search::objectives);
    LoadPlan plan = Usage.of(this::plan);
    say(LoadText.plan(plan));
    try (StopHook signals = new StopHook("weir-load-stop", LONGEST_REPORT);
        WeirClient client = weir.clientBuilder().door(door.door().forHttp()).build()) {
      return objectives.isEmpty()
          ? measure(plan, thresholds, client, signals)
          : search(plan, objectives, thresholds, client, signals);
    } catch (LoadAbortedException e) {
      throw new CommandException(ExitCodes.NOT_REACHABLE, String.valueOf(e.getMessage()));
    }
  }

  private int measure(
      LoadPlan plan, List<Threshold> thresholds, WeirClient client, StopHook signals)
      throws InterruptedException {
    LoadRun run = run(plan, client, LoadRun.newLog(plan));
    signals.onSignal(run::stop);
    LoadResult result = run.run();
    say(LoadText.result(result).stripTrailing());
    print(LoadSummary.document(result));
    Verification verification = result.verification();
    long wrongReads = verification == null ? 0 : verification.wrong();
    return finish(result, wrongReads, run.log(), thresholds);
  }

  private int search(
      LoadPlan plan,
      List<Objective> objectives,
      List<Threshold> thresholds,
      WeirClient client,
      StopHook signals)
      throws InterruptedException {
    MaxRateSearch rates =
        new MaxRateSearch(
            plan, pace.arrivals(), objectives, (step, log) -> run(step, client, log), this::say);
    signals.onSignal(rates::stop);
    RateSearch.Found<LoadResult> found = rates.from(((Pace.Open) plan.pace()).ratePerSecond());
    LoadResult result = rates.result(found);
    say(rates.verdict(found));
    say(LoadText.result(result).stripTrailing());
    Map<String, Object> document = LoadSummary.document(result);
    document.put("search", rates.document(found));
    print(document);
    int code = finish(result, rates.wrongReads(), rates.log(), thresholds);
    return code == ExitCodes.OK && found.best() == null ? ExitCodes.THRESHOLD_MISSED : code;
  }

  private LoadRun run(LoadPlan plan, WeirClient client, WriteLog log) {
    return new LoadRun(
        plan,
        client,
        ThisMachine.environment(weir.masters()),
        new ProgressLine(weir.terminal()),
        log);
  }

  /** Writes the files, and turns the result into an exit code: the gravest fault decides. */
  private int finish(LoadResult result, long wrongReads, WriteLog log, List<Threshold> thresholds) {
    CommandException unwritten = write(result, log);
    int code = ResultOptions.judge(result, thresholds, weir.terminal());
    if (wrongReads > 0) {
      if (unwritten != null) {
        weir.terminal().err().println("weir: " + unwritten.getMessage());
      }
      return ExitCodes.WRITES_MISSING;
    }
    if (unwritten != null) {
      throw unwritten;
    }
    if (result.succeeded() == 0) {
      throw new CommandException(ExitCodes.NOT_REACHABLE, "no request of the load succeeded");
    }
    return code;
  }

  /** Writes each file that can be written; returns what is to be said of one that cannot. */
  private @Nullable CommandException write(LoadResult result, WriteLog log) {
    CommandException failure = null;
    try {
      if (writeLog != null) {
        WriteLogFile.write(log, writeLog);
      }
    } catch (IOException e) {
      failure =
          new CommandException(
              ExitCodes.UNEXPECTED,
              "the log of writes cannot be written to " + writeLog + ": " + e);
    }
    try {
      results.write(result);
    } catch (CommandException e) {
      failure = e;
    }
    return failure;
  }

  /** Says something to people. */
  private void say(String text) {
    if (!weir.isJson()) {
      weir.terminal().out().println(text);
    }
  }

  /** Prints the result for programs. */
  private void print(Map<String, Object> document) {
    if (weir.isJson()) {
      JsonOutput.print(weir.terminal().out(), document);
    }
  }

  private LoadPlan plan() {
    boolean searching = search.isWanted();
    check(searching);
    int loops = threads != null ? threads : defaultThreads();
    return LoadPlan.builder()
        .name(name)
        .mix(mix.mix(workload))
        .popularity(mix.popularity(workload))
        .valueSizes(workload.valueSizes())
        .keyPrefix(keyPrefix)
        .keys(keys)
        .share(share)
        .pace(pace.pace(searching ? FIRST_RATE : null))
        .phase(phase)
        .warmup(warmup != null ? warmup : searching ? STEP_WARMUP : WARMUP)
        .duration(duration != null ? duration : searching ? STEP_DURATION : DURATION)
        .clients(workload.clients())
        .threads(loops)
        .seed(workload.seed())
        .requestTimeout(weir.timeout())
        .verify(verify)
        .readFromAny(weir.readFromAny())
        .door(door.door())
        .build();
  }

  /** Refuses options that contradict each other. */
  private void check(boolean searching) {
    if (phase == Phase.LOAD) {
      refuse(searching, "--find-max needs operations; --phase load has none");
      refuse(
          pace.isGiven() || warmup != null || duration != null || verify,
          "--rate, --arrivals, --think-time, --warmup, --duration and --verify are for operations;"
              + " --phase load has none: it inserts as fast as the clients can");
    }
    refuse(
        searching && !share.equals(ClientShare.ALL),
        "--find-max cannot share its load with other processes (--client-id): each would search"
            + " for itself");
    refuse(
        searching
            && pace.pace(FIRST_RATE) instanceof Pace.Open open
            && open.ratePerSecond() < RateSearch.LEAST_RATE,
        "--find-max begins with a --rate of at least 1");
    int smallest = workload.valueSizes().smallest();
    refuse(
        writeLog != null && smallest < ValuePattern.MIN_SIZE,
        "--write-log needs values of at least "
            + ValuePattern.MIN_SIZE
            + "B, which weir verify can tell from each other, got "
            + smallest
            + "B");
  }

  private static void refuse(boolean wrong, String why) {
    if (wrong) {
      throw new IllegalArgumentException(why);
    }
  }

  private int defaultThreads() {
    return Math.clamp(
        Runtime.getRuntime().availableProcessors() / 4, 1, Math.max(1, workload.clients()));
  }
}
