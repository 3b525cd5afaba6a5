package io.weir.cli.lab;

import io.weir.cli.load.DoorOption;
import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.StopHook;
import io.weir.cli.shell.Usage;
import io.weir.cli.shell.Weir;
import io.weir.lab.torture.Fault;
import io.weir.lab.torture.Fault.Need;
import io.weir.lab.torture.Findings;
import io.weir.lab.torture.Torture;
import io.weir.lab.torture.TorturePlan;
import io.weir.lab.torture.TortureText;
import io.weir.lab.torture.Wiring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir torture}: whether nothing acknowledged is lost, tried on a real cluster. */
@Command(
    name = "torture",
    description = {
      "Hurts a cluster on this machine while clients use it, and checks what they were answered.",
      "",
      "It starts a database, a master and cache servers as processes, kills, stops, restarts,"
          + " stalls and separates them at random, switches databases over and takes directories"
          + " away, and writes down every request and its answer."
          + " Afterwards each key's history is checked for linearizability, and every row of the"
          + " databases is compared with what the caches answer. With --door redis the clients"
          + " speak the Redis protocol, and also add to counters: no addition may be lost, and none"
          + " be done twice.",
      "",
      "Exit code 1 means that something was lost or answered wrongly."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir torture --duration 10m --members 3",
      "  weir torture --members 3 --faults kill,pause --seed 7",
      "  weir torture --members 3 --door redis",
      "  weir torture --mysql 'jdbc:mysql://db1:3306/weir?user=root' \\",
      "      --mysql-replica 'jdbc:mysql://db2:3306/weir?user=root'",
      "  weir torture --set weir.durability=memory --faults kill   # what memory loses"
    })
public final class TortureCommand implements Callable<Integer> {

  /** The faults, as --help lists them. */
  static final class FaultNames extends ArrayList<String> {

    private static final long serialVersionUID = 1;

    FaultNames() {
      super(Stream.of(Fault.values()).map(Fault::toString).toList());
    }
  }

  /** How long Ctrl-C waits for healing, checking and the report. */
  private static final Duration LONGEST_REPORT = Duration.ofMinutes(2);

  private final Weir weir;

  @Option(
      names = "--duration",
      defaultValue = "60s",
      paramLabel = "TIME",
      description = "How long faults go on. Default: ${DEFAULT-VALUE}")
  private Duration duration = Duration.ofSeconds(60);

  @Option(
      names = "--members",
      defaultValue = "3",
      description = "Cache servers of each shard. Default: ${DEFAULT-VALUE}")
  private int members;

  @Option(
      names = "--shards",
      defaultValue = "1",
      description = "Number of shards. Default: ${DEFAULT-VALUE}")
  private int shards;

  @Option(
      names = "--clients",
      defaultValue = "8",
      description = "Clients, each with one request in flight. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--keys",
      defaultValue = "300",
      description = "Keys; few, so that clients meet. Default: ${DEFAULT-VALUE}")
  private int keys;

  @Option(
      names = "--think-time",
      defaultValue = "4ms",
      paramLabel = "TIME",
      description = "What a client waits between two requests. Default: ${DEFAULT-VALUE}")
  private Duration thinkTime = Duration.ofMillis(4);

  @Option(
      names = "--large-values",
      description =
          "Values of 512 KiB to 1 MiB, and G1 for the heaps that they are in, where each takes"
              + " whole regions. A hundred keys are enough.")
  private boolean largeValues;

  @Option(
      names = "--faults",
      split = ",",
      paramLabel = "FAULT",
      completionCandidates = FaultNames.class,
      description = "Which of ${COMPLETION-CANDIDATES}. Default: all that can be done")
  private List<String> faults = List.of();

  @Option(
      names = "--min-faults",
      defaultValue = "0",
      description = "Fewer faults than that are a failure. Default: ${DEFAULT-VALUE}")
  private int minFaults;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Of all that is random; timing is not. Default: another one each time")
  private @Nullable Long seed;

  @Option(
      names = "--port",
      defaultValue = "7900",
      description = "The master's; the others follow. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--set",
      paramLabel = "PROPERTY=VALUE",
      description = "A setting for every cache server; may be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin private final DoorOption door = new DoorOption();
  @Mixin private final MysqlOption mysql = new MysqlOption();

  @Option(
      names = "--mysql-replica",
      arity = "1..*",
      paramLabel = "URL",
      description =
          "JDBC URLs of the replicas of the servers of --mysql, one for each, in their order."
              + " Torture sets the replication up, and changes it: it takes servers of its own"
              + " (log_bin, gtid_mode=ON, enforce_gtid_consistency=ON), whose account administers"
              + " replication; the replica's schema is emptied.")
  private List<String> replicaUrls = List.of();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "Where all files are. Default: a temporary one, deleted if all went well")
  private @Nullable Path dataDirectory;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the report there too; and, after a violation, the history beside it.")
  private @Nullable Path report;

  @Option(
      names = "--cache-classpath",
      split = ",",
      paramLabel = "JAR",
      description =
          "Jars for the cache servers besides their own, such as planted faults: for"
              + " tests of this very command.")
  private List<Path> classPath = List.of();

  public TortureCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws InterruptedException {
    TorturePlan plan = Usage.of(this::plan);
    weir.terminal().err().println("seed " + plan.seed() + ", faults " + plan.faults().kinds());
    Torture torture =
        new Torture(plan, LabConsole.on(weir.terminal()), weir.terminal().err()::println);
    try (StopHook signals = new StopHook("weir-torture-stop", LONGEST_REPORT)) {
      signals.onSignal(torture::stop);
      Findings findings = torture.run();
      String text = TortureText.report(plan, findings);
      weir.terminal().out().print(text);
      weir.terminal().out().flush();
      write(text, findings);
      return status(plan, findings);
    } catch (SQLException e) {
      throw new CommandException(
          ExitCodes.NOT_REACHABLE, "a database does not do what it is asked: " + e.getMessage());
    }
  }

  private int status(TorturePlan plan, Findings findings) {
    if (!findings.isClean()) {
      return ExitCodes.WRITES_MISSING;
    }
    if (findings.faults().size() < plan.faults().least()) {
      throw new CommandException(
          ExitCodes.UNEXPECTED,
          "only " + findings.faults().size() + " faults, fewer than --min-faults");
    }
    return ExitCodes.OK;
  }

  private void write(String text, Findings findings) {
    if (report == null) {
      return;
    }
    try {
      Files.writeString(report, text);
      if (!findings.isClean()) {
        Path history = report.resolveSibling(report.getFileName() + ".history");
        Files.write(
            history,
            findings.operations().stream()
                .map(op -> op.key() + " " + TortureText.describe(findings, op))
                .toList());
        weir.terminal().err().println("the whole history is in " + history);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TorturePlan plan() {
    Set<Need> given = given();
    Set<Fault> possible = Fault.possible(given);
    if (!faults.isEmpty()) {
      Set<Fault> named = named();
      named.forEach(fault -> sayWhatLacks(fault, given));
      possible.retainAll(named);
    } else if (members > 1 && !given.contains(Need.ADDRESSES)) {
      weir.terminal().err().println("no partitions: 127.0.0.10 cannot be bound on this machine");
    }
    return new TorturePlan(
        seed == null ? System.nanoTime() : seed,
        new TorturePlan.Shape(shards, members, port, settings, mysql.urls(), replicaUrls),
        new TorturePlan.Traffic(clients, keys, thinkTime, largeValues, door.door()),
        new TorturePlan.Faults(possible, minFaults, duration),
        classPath.stream().map(Path::toAbsolutePath).toList(),
        dataDirectory);
  }

  private Set<Need> given() {
    Set<Need> given = EnumSet.noneOf(Need.class);
    if (members > 1) {
      given.add(Need.SEVERAL_MEMBERS);
    }
    if (members > 1 && Wiring.canTellMembersApart()) {
      given.add(Need.ADDRESSES);
    }
    given.add(mysql.urls().isEmpty() ? Need.OWN_DATABASE : Need.MYSQL);
    if (!replicaUrls.isEmpty()) {
      given.add(Need.DATABASE_PAIR);
    }
    return given;
  }

  private void sayWhatLacks(Fault fault, Set<Need> given) {
    List<String> lacks = fault.lacks(given);
    if (!lacks.isEmpty()) {
      weir.terminal().err().println("no " + fault + ": it needs " + String.join(" and ", lacks));
    }
  }

  private Set<Fault> named() {
    Set<Fault> named = EnumSet.noneOf(Fault.class);
    for (String name : faults) {
      named.add(
          Set.of(Fault.values()).stream()
              .filter(fault -> fault.toString().equals(name.strip()))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "--faults takes some of "
                          + List.of(Fault.values())
                          + ", got '"
                          + name
                          + "'")));
    }
    return named;
  }
}
