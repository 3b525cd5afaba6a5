package io.weir.cli.keys;

import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.WeirClient;
import io.weir.load.report.TextTable;
import io.weir.model.ListedServer;
import io.weir.model.Shard;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code weir caches}: the topology as a table. */
@Command(
    name = "caches",
    description = {
      "Lists the shards: which slots each owns, and the cache servers in front of it.",
      "",
      "The state of the cluster is forming while shards are missing, serving when every slot has"
          + " a leader that is up, else degraded."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir caches",
      "  weir caches --network external --output json",
      "  weir caches --master http://10.0.0.1:7400,http://10.0.0.2:7400"
    })
final class CachesCommand implements Callable<Integer> {

  private static final List<String> HEADINGS =
      List.of("SHARD", "SLOTS", "COUNT", "LEADER", "URL", "STATE", "TERM", "REPLICAS");

  private final Weir weir;

  CachesCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() {
    try (WeirClient client = weir.connect()) {
      Topology topology = client.topology();
      PrintStream out = weir.terminal().out();
      if (weir.isJson()) {
        JsonOutput.print(out, topology);
      } else {
        print(out, topology);
      }
      return ExitCodes.OK;
    }
  }

  private static void print(PrintStream out, Topology topology) {
    out.println(
        "topology version "
            + topology.version()
            + ", "
            + topology.state().name().toLowerCase(Locale.ROOT)
            + ", "
            + topology.shards().size()
            + (topology.shards().size() == 1 ? " shard" : " shards"));
    if (topology.waiting() != null) {
      out.println(topology.waiting());
    }
    TextTable table = new TextTable(HEADINGS);
    topology.shards().forEach(shard -> table.add(row(shard)));
    topology.spares().forEach(shard -> table.add(row(shard)));
    out.print(table);
  }

  private static List<String> row(Shard shard) {
    List<String> row = new ArrayList<>();
    row.add(shard.id().toString().substring(0, 8));
    row.add(
        shard.ranges().isEmpty()
            ? "(spare)"
            : shard.ranges().stream().map(SlotRange::toString).collect(Collectors.joining(",")));
    row.add(String.valueOf(shard.ranges().stream().mapToInt(SlotRange::size).sum()));
    ListedServer leader = shard.leader();
    row.add(leader == null ? "-" : leader.nodeId().toString());
    row.add(leader == null ? "-" : leader.url().toString());
    row.add(leader == null ? "no leader" : state(leader));
    row.add(String.valueOf(shard.term()));
    row.add(
        shard.replicas().isEmpty()
            ? "-"
            : shard.replicas().stream()
                .map(replica -> replica.nodeId() + " (" + state(replica) + ")")
                .collect(Collectors.joining(", ")));
    return row;
  }

  private static String state(ListedServer server) {
    return server.state().name().toLowerCase(Locale.ROOT);
  }
}
