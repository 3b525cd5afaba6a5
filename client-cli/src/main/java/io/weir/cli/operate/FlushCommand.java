package io.weir.cli.operate;

import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.operator.OperatorApi;
import io.weir.model.ListedServer;
import io.weir.model.operator.FlushReport;
import io.weir.model.operator.WriteBackReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir flush}: writes back what is dirty. */
@Command(
    name = "flush",
    description = {
      "Writes back to the databases all that is dirty when it is asked for, and waits for it.",
      "",
      "Without NODE the leaders of all shards do so. Rows that a database refuses stay where they"
          + " are: 'weir quarantine' deals with them. Ends with 8 when --wait was too short."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir flush",
      "  weir flush cache-2 --wait 5m",
      "  weir flush && mysqldump --single-transaction shard0 > shard0.sql"
    })
public final class FlushCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(
      arity = "0..1",
      paramLabel = "NODE",
      description = "The server, as 'weir status' names it. Default: every shard's leader.")
  private @Nullable String node;

  @Option(names = "--all", description = "Every shard's leader, as without NODE.")
  private boolean all;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "How long to wait for each server. Default: ${DEFAULT-VALUE}")
  private Duration wait = Duration.ofSeconds(60);

  public FlushCommand(Weir weir) {
    this.weir = weir;
  }

  /** What became of one server. */
  private record Result(
      String nodeId, boolean flushed, long dirtyEntries, long quarantinedEntries) {}

  @Override
  public Integer call() throws InterruptedException {
    if (all && node != null) {
      throw Refusals.usage("--all and a NODE exclude each other");
    }
    List<Result> results = new ArrayList<>();
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      List<Node> targets =
          node == null
              ? Node.leaders(api.topology())
              : List.of(leading(Node.named(node, api.topology())));
      for (Node target : targets) {
        Result result = flush(api, target);
        results.add(result);
        if (!weir.isJson()) {
          weir.terminal().out().println(sentence(result));
        }
      }
    }
    if (weir.isJson()) {
      JsonOutput.print(weir.terminal().out(), results);
    }
    return results.stream().allMatch(Result::flushed) ? ExitCodes.OK : ExitCodes.DEGRADED;
  }

  /** A replica has nothing to flush: its leader does. */
  private static Node leading(Node target) {
    ListedServer leader = target.shard().leader();
    if (leader == null || !leader.nodeId().toString().equals(target.id())) {
      throw Refusals.usage(
          target.id()
              + " does not lead its shard; what is dirty there, "
              + (leader == null ? "a leader" : leader.nodeId())
              + " writes back");
    }
    return target;
  }

  private Result flush(OperatorApi api, Node target) throws InterruptedException {
    FlushReport flush =
        Waiting.on(weir.terminal(), "weir-flush-request")
            .whileAsking(
                () -> api.flush(target.url(), wait),
                () -> target.id() + ": " + left(api.writeBack(target.url())));
    return new Result(
        target.id(), flush.flushed(), flush.dirtyEntries(), flush.quarantinedEntries());
  }

  private static String left(WriteBackReport state) {
    return Figures.count(state.dirtyEntries())
        + " dirty entries ("
        + Figures.bytes(state.dirtyBytes())
        + ") left"
        + (state.databaseTakesWrites() ? "" : "; the database does not take writes");
  }

  private static String sentence(Result result) {
    return result.nodeId()
        + (result.flushed() ? ": flushed" : ": not flushed in time")
        + ", "
        + Figures.count(result.dirtyEntries())
        + " entries are dirty now"
        + (result.quarantinedEntries() == 0
            ? ""
            : ", " + Figures.count(result.quarantinedEntries()) + " of them refused");
  }
}
