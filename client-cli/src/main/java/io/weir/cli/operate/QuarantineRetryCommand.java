package io.weir.cli.operate;

import io.weir.cli.shell.ExitCodes;
import io.weir.cli.shell.JsonOutput;
import io.weir.cli.shell.Weir;
import io.weir.client.operator.OperatorApi;
import io.weir.model.Key;
import io.weir.model.Shown;
import io.weir.model.operator.RefusedRow;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir quarantine retry}. */
@Command(
    name = "retry",
    description = {
      "Has the database tried with refused rows again at once, and says what became of each.",
      "",
      "Ends with 8 when a row is refused again, or was not tried within --wait."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  weir quarantine retry user:1", "  weir quarantine retry --all --wait 60s"})
final class QuarantineRetryCommand implements Callable<Integer> {

  private static final long LOOK_MILLIS = 100;

  private final Weir weir;

  @Mixin private final RefusedRows rows = new RefusedRows();

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long to wait for the tries. Default: ${DEFAULT-VALUE}")
  private Duration wait = Duration.ofSeconds(10);

  QuarantineRetryCommand(Weir weir) {
    this.weir = weir;
  }

  /** What became of a row: {@code left}, {@code refused}, {@code not tried}. */
  private record Result(String key, String outcome, @Nullable String reason) {}

  @Override
  public Integer call() throws InterruptedException {
    rows.check();
    List<Result> results = new ArrayList<>();
    try (OperatorApi api = new OperatorApi(weir.connect(), weir.timeout())) {
      List<RefusedRows.Row> chosen = rows.isAll() ? RefusedRows.listed(api) : rows.find(api);
      chosen.forEach(row -> api.retry(row.node().url(), Key.of(row.refused().key())));
      long deadline = System.nanoTime() + wait.toNanos();
      for (RefusedRows.Row row : chosen) {
        results.add(await(api, row, deadline));
      }
    }
    print(results);
    return results.stream().allMatch(result -> result.outcome().equals("left"))
        ? ExitCodes.OK
        : ExitCodes.DEGRADED;
  }

  private static Result await(OperatorApi api, RefusedRows.Row row, long deadline)
      throws InterruptedException {
    String key = row.refused().key();
    while (true) {
      List<RefusedRow> now = api.quarantined(row.node().url(), Key.of(key)).rows();
      if (now.isEmpty() || now.getFirst().version() != row.refused().version()) {
        return new Result(key, "left", null);
      }
      if (now.getFirst().attempts() > row.refused().attempts()) {
        return new Result(key, "refused", now.getFirst().reason());
      }
      if (System.nanoTime() >= deadline) {
        return new Result(key, "not tried", null);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  private void print(List<Result> results) {
    PrintStream out = weir.terminal().out();
    if (weir.isJson()) {
      List<Map<String, Object>> documents = new ArrayList<>();
      for (Result result : results) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("key", result.key());
        document.put("outcome", result.outcome());
        if (result.reason() != null) {
          document.put("reason", result.reason());
        }
        documents.add(document);
      }
      JsonOutput.print(out, documents);
      return;
    }
    if (results.isEmpty()) {
      out.println("no row is refused");
    }
    for (Result result : results) {
      out.println(
          switch (result.outcome()) {
            case "left" -> "'" + Shown.of(result.key()) + "' is refused no longer";
            case "refused" ->
                "'"
                    + Shown.of(result.key())
                    + "' is refused again: "
                    + Shown.of(String.valueOf(result.reason()));
            default -> "'" + Shown.of(result.key()) + "' was not tried in time; it will be";
          });
    }
  }
}
