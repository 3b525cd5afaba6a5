package io.weir.cli.operate;

import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.WeirException;
import io.weir.client.operator.OperatorApi;
import io.weir.model.ClusterStatus;
import io.weir.model.NodeState;
import io.weir.model.Shown;
import io.weir.model.TopologyState;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir status}: the cluster at a glance. */
@Command(
    name = "status",
    description = {
      "Shows the cluster and the load of each cache server, as the master knows them.",
      "",
      "Figures are those of each server's last heartbeat. Ends with 8 when the cluster is degraded:"
          + " it does not serve every slot, or a server is down."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir status",
      "  weir status --watch --interval 5s",
      "  weir status --output json | jq '.servers[].figures.dirtyEntries'",
      "  weir status > /dev/null || page-somebody"
    })
public final class StatusCommand implements Callable<Integer> {

  private static final String CLEAR = "\u001b[H\u001b[2J";

  private final Weir weir;

  @Option(names = "--watch", description = "Show it again and again, until Ctrl-C.")
  private boolean watch;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "2s",
      description = "How often, with --watch. Default: ${DEFAULT-VALUE}")
  private Duration interval = Duration.ofSeconds(2);

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "10",
      description = "Most events shown. Default: ${DEFAULT-VALUE}")
  private int events;

  public StatusCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      if (!watch) {
        return show(api.status());
      }
      while (true) {
        showAgain(api);
        TimeUnit.MILLISECONDS.sleep(Math.max(100, interval.toMillis()));
      }
    }
  }

  private void showAgain(OperatorApi api) {
    ClusterStatus status;
    try {
      status = api.status();
    } catch (WeirException e) {
      weir.terminal().err().println("weir: " + Shown.of(String.valueOf(e.getMessage())));
      return; // It may be back the next time.
    }
    if (weir.terminal().interactive() && !weir.isJson()) {
      weir.terminal().out().print(CLEAR);
    }
    int _ = show(status);
  }

  private int show(ClusterStatus status) {
    PrintStream out = weir.terminal().out();
    if (weir.isJson()) {
      JsonOutput.print(out, status);
    } else {
      out.print(StatusText.of(status, Math.max(0, events)));
      out.flush();
    }
    return isDegraded(status) ? ExitCodes.DEGRADED : ExitCodes.OK;
  }

  private static boolean isDegraded(ClusterStatus status) {
    return status.state() != TopologyState.SERVING
        || status.servers().stream().anyMatch(server -> server.state() != NodeState.UP);
  }
}
