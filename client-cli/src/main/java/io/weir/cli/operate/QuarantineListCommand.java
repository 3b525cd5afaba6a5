package io.weir.cli.operate;

import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.operator.OperatorApi;
import io.weir.model.operator.QuarantineReport;
import io.weir.model.operator.RefusedRow;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code weir quarantine list}. */
@Command(
    name = "list",
    description = {
      "Lists the rows that the databases refuse: why, how often each was tried, and when it is tried"
          + " again.",
      "",
      "At most 1,000 of each shard, those refused for longest first."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir quarantine list",
      "  weir quarantine list --output json | jq -r '.rows[].key'"
    })
final class QuarantineListCommand implements Callable<Integer> {

  private final Weir weir;

  QuarantineListCommand(Weir weir) {
    this.weir = weir;
  }

  @Override
  public Integer call() {
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      List<RefusedRows.Row> rows = new ArrayList<>();
      long entries = 0;
      long bytes = 0;
      for (Node leader : Node.leaders(api.topology())) {
        QuarantineReport quarantine = api.quarantine(leader.url());
        entries += quarantine.entries();
        bytes += quarantine.bytes();
        quarantine.rows().forEach(row -> rows.add(new RefusedRows.Row(leader, row)));
      }
      PrintStream out = weir.terminal().out();
      if (weir.isJson()) {
        JsonOutput.print(out, document(entries, bytes, rows));
      } else if (rows.isEmpty()) {
        out.println("no row is refused");
      } else {
        out.print(RefusedRows.table(rows));
        out.println(
            Figures.count(entries) + " refused, " + Figures.bytes(bytes) + " held for them");
      }
      return ExitCodes.OK;
    }
  }

  private static Map<String, Object> document(
      long entries, long bytes, List<RefusedRows.Row> rows) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("entries", entries);
    document.put("bytes", bytes);
    document.put("rows", rows.stream().map(QuarantineListCommand::document).toList());
    return document;
  }

  private static Map<String, Object> document(RefusedRows.Row row) {
    RefusedRow refused = row.refused();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("nodeId", row.node().id());
    document.put("key", refused.key());
    document.put("slot", refused.slot());
    document.put("version", String.valueOf(refused.version()));
    document.put("operation", refused.operation());
    document.put("valueBytes", refused.valueBytes());
    document.put("attempts", refused.attempts());
    document.put("ageMillis", refused.ageMillis());
    document.put("nextTryMillis", refused.nextTryMillis());
    document.put("reason", refused.reason());
    return document;
  }
}
