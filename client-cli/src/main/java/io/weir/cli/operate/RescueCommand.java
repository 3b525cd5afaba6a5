package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.WeirException;
import io.weir.client.operator.OperatorApi;
import io.weir.model.operator.RescueReport;
import io.weir.model.operator.Rescued;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir rescue}: has the one member that is left of a group go on alone with its journal. */
@Command(
    name = "rescue",
    description = {
      "Has the one member that is left of a group found the next generation with its whole journal."
          + " For a group that has lost its majority, and the disks with it, for good.",
      "",
      "While any of their disks is left, start a server on it instead: a majority loses nothing. What"
          + " the others acknowledged without this member is lost.",
      "",
      "Without --generation it shows what the member has, how old its last entry is and what it"
          + " cannot know, and changes nothing; it ends with 8 then, or with 6 when it cannot be done"
          + " as things are. With it the server's process ends, and is to be started again; it ends"
          + " with 8 when the server does not lead within --wait."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  weir rescue cache-2", "  weir rescue cache-2 --generation 1"})
public final class RescueCommand implements Callable<Integer> {

  private static final Duration LOOK = Duration.ofMillis(500);

  private static final String NEXT =
      "'weir flush' brings what it holds to the database. Then start the lost servers with empty"
          + " directories: they are added by themselves.";

  private static final String START =
      "Its process has ended, and is to be started again: start it, if nothing does.";

  private final Weir weir;

  @Parameters(
      paramLabel = "NODE",
      description = "The server that is left, as 'weir status' names it.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private String node;

  @Option(
      names = "--generation",
      paramLabel = "N",
      description = "Do it, if the shard is in this generation.")
  private @Nullable Long generation;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "2m",
      description = "How long to wait until the server leads. Default: ${DEFAULT-VALUE}")
  private Duration wait = Duration.ofMinutes(2);

  public RescueCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      Node target = Node.named(node, api.topology());
      return generation == null ? report(api, target) : rescue(api, target, generation);
    }
  }

  private int report(OperatorApi api, Node target) {
    RescueReport report = api.rescue(target.url());
    if (weir.isJson()) {
      print(target, "report", report);
    } else {
      describe(target, report);
    }
    return report.obstacle() == null ? ExitCodes.DEGRADED : ExitCodes.REFUSED;
  }

  private void describe(Node target, RescueReport report) {
    PrintStream out = weir.terminal().out();
    out.println(
        target.id()
            + " is member "
            + report.self()
            + " of generation "
            + report.generation()
            + ", and has a log up to entry "
            + report.lastIndex()
            + "; "
            + age(report)
            + ". "
            + Figures.count(report.dirtyEntries())
            + " entries are dirty.");
    for (RescueReport.Other other : report.others()) {
      out.println(
          other.member()
              + (other.answers() ? " answers" : " does not answer")
              + (other.listedAsUp() ? ", and is listed as up." : "."));
    }
    report.unknown().forEach(out::println);
    String obstacle = report.obstacle();
    out.println(
        obstacle == null
            ? "'weir rescue "
                + node
                + " --generation "
                + report.generation()
                + "' founds the next generation with this log."
            : "It cannot be rescued now: " + obstacle + ".");
  }

  private static String age(RescueReport report) {
    Long millis = report.lastEntryAgeMillis();
    return millis == null
        ? "how old that is cannot be told"
        : "that came "
            + Figures.time(Duration.ofMillis(millis))
            + " ago, at "
            + report.lastEntryAt()
            + ("process".equals(report.lastEntryTimedBy())
                ? ", by its process' clock"
                : ", by the log's files");
  }

  private int rescue(OperatorApi api, Node target, long given) throws InterruptedException {
    RescueReport before = api.rescue(target.url());
    if (before.generation() != given) {
      throw new CommandException(
          ExitCodes.PRECONDITION_FAILED,
          "the shard is in generation "
              + before.generation()
              + ", not "
              + given
              + "; nothing was changed");
    }
    Rescued rescued = api.rescue(target.url(), given);
    boolean leads = awaitLeading(api, target);
    if (weir.isJson()) {
      print(target, "rescued", rescued, "leads", leads);
    } else {
      weir.terminal()
          .out()
          .println(
              target.id()
                  + " has founded generation "
                  + rescued.generation()
                  + " with its log up to entry "
                  + rescued.lastIndex()
                  + (leads
                      ? ", and leads it alone. " + NEXT
                      : ", and does not lead yet. " + START));
    }
    return leads ? ExitCodes.OK : ExitCodes.DEGRADED;
  }

  private boolean awaitLeading(OperatorApi api, Node target) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    try (Progress progress = new Progress(weir.terminal())) {
      while (true) {
        try {
          String role = api.drain(target.url()).role();
          if (role.equals("leader")) {
            return true;
          }
          progress.show(target.id() + ": " + (role.equals("none") ? "joining" : "recovering"));
        } catch (WeirException e) {
          progress.show(target.id() + " is to start again: " + e.getMessage());
        }
        if (System.nanoTime() - deadline >= 0) {
          return false;
        }
        Thread.sleep(LOOK);
      }
    }
  }

  private void print(Node target, Object... namesAndValues) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("nodeId", target.id());
    document.put("url", target.url().toString());
    for (int i = 0; i < namesAndValues.length; i += 2) {
      document.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    JsonOutput.print(weir.terminal().out(), document);
  }
}
