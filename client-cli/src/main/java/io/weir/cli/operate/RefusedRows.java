package io.weir.cli.operate;

import io.weir.cli.shell.CommandException;
import io.weir.cli.shell.ExitCodes;
import io.weir.client.operator.OperatorApi;
import io.weir.load.report.TextTable;
import io.weir.model.Key;
import io.weir.model.Shown;
import io.weir.model.operator.RefusedRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The refused rows that a command is about: those of some keys, or all. */
final class RefusedRows {

  private static final List<String> HEADINGS =
      List.of("NODE", "KEY", "VERSION", "SIZE", "TRIES", "DIRTY FOR", "NEXT TRY", "REASON");

  @Parameters(arity = "0..*", paramLabel = "KEY", description = "Keys of refused rows.")
  private List<Key> keys = List.of();

  @Option(names = "--all", description = "All rows that are refused, of all shards.")
  private boolean all;

  /** One of them, and the leader that has it. */
  record Row(Node node, RefusedRow refused) {}

  /** Rejects neither and both. */
  void check() {
    if (all == !keys.isEmpty()) {
      throw Refusals.usage("name the keys, or --all");
    }
  }

  boolean isAll() {
    return all;
  }

  /** The rows with their values; that a key has none is a failure. */
  List<Row> find(OperatorApi api) {
    List<Row> found = new ArrayList<>();
    if (all) {
      for (Row row : listed(api)) {
        Row whole = find(api, row.node(), Key.of(row.refused().key()));
        if (whole != null) {
          found.add(whole);
        }
      }
      return found;
    }
    for (Key key : keys) {
      Row row = find(api, Node.leaderOf(key.slot(), api.topology()), key);
      if (row == null) {
        throw new CommandException(
            ExitCodes.NOT_FOUND, "the database refuses no row of key '" + Shown.of(key) + "'");
      }
      found.add(row);
    }
    return found;
  }

  private static @Nullable Row find(OperatorApi api, Node node, Key key) {
    List<RefusedRow> rows = api.quarantined(node.url(), key).rows();
    return rows.isEmpty() ? null : new Row(node, rows.getFirst());
  }

  /** All rows, without their values; at most 1,000 of each shard. */
  static List<Row> listed(OperatorApi api) {
    List<Row> rows = new ArrayList<>();
    for (Node leader : Node.leaders(api.topology())) {
      api.quarantine(leader.url()).rows().forEach(row -> rows.add(new Row(leader, row)));
    }
    return rows;
  }

  static TextTable table(List<Row> rows) {
    TextTable table = new TextTable(HEADINGS);
    for (Row row : rows) {
      RefusedRow refused = row.refused();
      table.add(
          List.of(
              row.node().id(),
              Shown.of(refused.key()),
              String.valueOf(refused.version()),
              refused.isDelete() ? "(delete)" : Figures.bytes(refused.valueBytes()),
              String.valueOf(refused.attempts()),
              Figures.time(Duration.ofMillis(refused.ageMillis())),
              Figures.time(Duration.ofMillis(refused.nextTryMillis())),
              Shown.of(refused.reason())));
    }
    return table;
  }
}
