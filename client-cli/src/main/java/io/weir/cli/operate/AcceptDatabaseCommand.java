package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.operator.OperatorApi;
import io.weir.model.operator.DatabaseReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir accept-database}: says that a database that went back is the right one. */
@Command(
    name = "accept-database",
    description = {
      "Accepts a shard's database that has lost flushes which it had acknowledged, as after a"
          + " failover to a replica that lagged behind, or a restored backup.",
      "",
      "Until then the shard answers what it has in memory, takes writes, writes to the database again"
          + " what it has in memory, and refuses to read the rest from it: 503 database-went-back."
          + " If the address leads to the wrong database, mend that instead. Accepting is loss of"
          + " data: each key whose newest version was in a lost flush and is in no memory is what its"
          + " row is.",
      "",
      "Without --missing it shows how many flushes are missing, and changes nothing; it ends with 8"
          + " then when some are."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  weir accept-database 3f2b8c1e", "  weir accept-database 3f2b8c1e --missing 12"})
public final class AcceptDatabaseCommand implements Callable<Integer> {

  private final Weir weir;

  @Parameters(
      paramLabel = "SHARD",
      description = "The shard, as 'weir status' names it, or more of its id.")
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private String shard;

  @Option(
      names = "--missing",
      paramLabel = "N",
      description = "Accept it, if it has lost so many flushes.")
  private @Nullable Long missing;

  public AcceptDatabaseCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() {
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      Node leader = Node.leaderOfShard(shard, api.topology());
      DatabaseReport before = api.database(leader.url());
      if (missing == null || !before.wentBack()) {
        print(leader, before, told(before));
        return before.wentBack() ? ExitCodes.DEGRADED : ExitCodes.OK;
      }
      if (missing != before.missingFlushes()) {
        throw new CommandException(
            ExitCodes.PRECONDITION_FAILED,
            "the database has lost "
                + before.missingFlushes()
                + " flushes, not "
                + missing
                + "; nothing was changed");
      }
      DatabaseReport after = api.acceptDatabase(leader.url(), missing);
      print(leader, after, "accepted: it is read again");
      return ExitCodes.OK;
    }
  }

  private String told(DatabaseReport state) {
    return state.wentBack()
        ? "the database has lost "
            + state.missingFlushes()
            + " flushes that it had acknowledged; 'weir accept-database "
            + shard
            + " --missing "
            + state.missingFlushes()
            + "' accepts that"
        : "the database has not gone back, as of flush " + state.acknowledgedFlush();
  }

  private void print(Node leader, DatabaseReport state, String sentence) {
    if (weir.isJson()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("nodeId", leader.id());
      document.put("shard", leader.shard().id().toString());
      document.put("database", state);
      JsonOutput.print(weir.terminal().out(), document);
    } else {
      weir.terminal().out().println("shard " + leader.shard().id() + ": " + sentence);
    }
  }
}
