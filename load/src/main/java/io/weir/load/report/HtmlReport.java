package io.weir.load.report;

import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The pages of one load, and of several that are compared. */
public final class HtmlReport {

  private HtmlReport() {}

  /** What the page of a load is drawn from. */
  record LoadPage(RunView run, Curves curves) {}

  /** What the page of a comparison is drawn from. */
  record ComparePage(
      List<RunView> runs,
      List<Comparison.Row> rows,
      Map<String, List<@Nullable String>> differences,
      List<String> warnings,
      Curves curves) {}

  /** Writes the page of a load. */
  public static void write(LoadResult result, Path file) throws IOException {
    HtmlPage.write(
        file,
        HtmlPage.View.LOAD,
        "Load: " + result.name(),
        new LoadPage(RunView.of(result), curves(result)));
  }

  /** Writes the page of a comparison. */
  public static void write(Comparison comparison, Path file) throws IOException {
    HtmlPage.write(
        file,
        HtmlPage.View.COMPARE,
        "Comparison: " + String.join(", ", comparison.names()),
        page(comparison));
  }

  private static ComparePage page(Comparison comparison) {
    List<RunView> runs = new ArrayList<>();
    List<Curves.Source> responses = new ArrayList<>();
    for (int i = 0; i < comparison.results().size(); i++) {
      LoadResult result = comparison.results().get(i);
      String name = comparison.names().get(i);
      runs.add(RunView.of(name, result));
      responses.add(new Curves.Source(name, false, result.responseTimes()));
    }
    return new ComparePage(
        runs,
        comparison.rows(),
        comparison.differences(),
        comparison.warnings(),
        Curves.of(responses));
  }

  /** All operations together, then each kind; service times too where they differ. */
  private static Curves curves(LoadResult result) {
    boolean open = result.target() != null;
    List<Curves.Source> sources = new ArrayList<>();
    Histogram all = result.responseTimes();
    sources.add(new Curves.Source(open ? "all, response" : "all", false, all));
    if (open) {
      sources.add(new Curves.Source("all, service", true, result.serviceTimes()));
    }
    if (result.operations().size() > 1) {
      for (OperationResult each : result.operations()) {
        sources.add(new Curves.Source(each.operation(), false, each.responseTimes()));
      }
    }
    return Curves.of(sources);
  }
}
