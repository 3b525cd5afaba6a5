package io.weir.cli.operate;

import io.weir.load.report.TextTable;
import io.weir.model.ClusterStatus;
import io.weir.model.ServerFigures;
import io.weir.model.ServerStatus;
import io.weir.model.Spared;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the databases of a cluster were spared, as text: a sentence, and a table of the servers. */
final class SparedText {

  private static final String NOTHING = "-";

  /** Of the time that they tell of; a window is up to a step longer than it is called. */
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private static final List<String> HEADINGS =
      List.of(
          "NODE",
          "OVER",
          "WRITES",
          "STATEMENTS",
          "COMMITS",
          "ROWS",
          "STATEMENTS/1,000",
          "COMMITS/1,000",
          "ROWS/COMMIT");

  private SparedText() {}

  /** Empty where no server tells, as in an earlier release. */
  static String of(ClusterStatus status) {
    Spared all = status.spared();
    if (!all.tells()) {
      return "";
    }
    TextTable table = new TextTable(HEADINGS);
    status.servers().forEach(server -> table.add(row(server.nodeId().toString(), of(server))));
    if (status.servers().size() > 1) {
      table.add(row("all that are up", all));
    }
    return System.lineSeparator() + sentence(all) + System.lineSeparator() + table;
  }

  static String sentence(Spared spared) {
    Double statements = spared.statementsPerThousandWrites();
    Double commits = spared.commitsPerThousandWrites();
    String counts =
        "in the last %s the databases executed %s statements in %s commits for %s writes"
            .formatted(
                time(spared),
                Figures.count(spared.statements()),
                Figures.count(spared.commits()),
                Figures.count(spared.writes()));
    return statements == null || commits == null
        ? counts
        : counts
            + ": %s and %s for a thousand writes"
                .formatted(Figures.rate(statements), Figures.rate(commits));
  }

  private static Spared of(ServerStatus server) {
    ServerFigures figures = server.figures();
    return figures == null ? Spared.UNTOLD : figures.spared();
  }

  private static List<String> row(String name, Spared spared) {
    return spared.tells()
        ? List.of(
            name,
            time(spared),
            Figures.count(spared.writes()),
            Figures.count(spared.statements()),
            Figures.count(spared.commits()),
            Figures.count(spared.rows()),
            ratio(spared.statementsPerThousandWrites()),
            ratio(spared.commitsPerThousandWrites()),
            ratio(spared.rowsPerCommit()))
        : List.of(name, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING);
  }

  private static String ratio(@Nullable Double ratio) {
    return ratio == null ? NOTHING : Figures.rate(ratio);
  }

  private static String time(Spared spared) {
    Duration time = Duration.ofMillis((long) (spared.seconds() * 1_000));
    return time.compareTo(WINDOW) < 0 && time.compareTo(Duration.ofMinutes(1)) >= 0
        ? String.format(Locale.ROOT, "%d min %d s", time.toMinutes(), time.toSecondsPart())
        : time.compareTo(WINDOW) < 0
            ? String.format(Locale.ROOT, "%d s", time.toSeconds())
            : Figures.count(time.toMinutes()) + " min";
  }
}
