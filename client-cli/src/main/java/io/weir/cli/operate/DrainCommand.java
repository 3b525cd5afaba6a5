package io.weir.cli.operate;

import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.operator.OperatorApi;
import io.weir.model.operator.DrainReport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir drain}: makes a cache server ready to be stopped. */
@Command(
    name = "drain",
    description = {
      "Makes a cache server ready to be stopped, so that nobody notices.",
      "",
      "With other members in its shard's group it hands the leadership over, and stays a replica;"
          + " should it be elected again, it hands over again. Alone in its group it refuses writes"
          + " with 503, writes back all that is dirty, and goes on answering reads.",
      "",
      "It stays drained until it is stopped, or taken back with --undo. Ends with 8 when something"
          + " is left after --wait; the server goes on with it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir drain cache-2",
      "  weir drain cache-2 --wait 5m && ssh cache-2 systemctl restart weir-cache",
      "  weir drain cache-2 --undo"
    })
public final class DrainCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(paramLabel = "NODE", description = "The server, as 'weir status' names it.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private String node;

  @Option(names = "--undo", description = "Let it lead and take writes again.")
  private boolean undo;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long to wait until it is drained. Default: ${DEFAULT-VALUE}")
  private Duration wait = Duration.ofSeconds(60);

  public DrainCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      Node target = Node.named(node, api.topology());
      DrainReport drain = undo ? api.undrain(target.url()) : drain(api, target);
      print(target, drain);
      return undo || drain.isDrained() ? ExitCodes.OK : ExitCodes.DEGRADED;
    }
  }

  private DrainReport drain(OperatorApi api, Node target) throws InterruptedException {
    return Waiting.on(weir.terminal(), "weir-drain-request")
        .whileAsking(
            () -> api.drain(target.url(), wait),
            () -> target.id() + ": " + sentence(api.drain(target.url())));
  }

  private void print(Node target, DrainReport drain) {
    if (weir.isJson()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("nodeId", target.id());
      document.put("url", target.url().toString());
      document.put("drain", drain);
      JsonOutput.print(weir.terminal().out(), document);
    } else {
      weir.terminal().out().println(target.id() + " is " + sentence(drain));
    }
  }

  private static String sentence(DrainReport drain) {
    return drain.state()
        + ", "
        + (drain.role().equals("none") ? "in no group" : drain.role())
        + (drain.refusesWrites() ? ", refuses writes" : "")
        + (drain.role().equals("leader") ? ", " + left(drain) : "");
  }

  private static String left(DrainReport drain) {
    return Figures.count(drain.dirtyEntries())
        + " dirty entries left"
        + (drain.quarantinedEntries() == 0
            ? ""
            : ", "
                + Figures.count(drain.quarantinedEntries())
                + " of them refused by the database");
  }
}
