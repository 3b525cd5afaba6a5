package io.weir.load.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A comparison in words, and as a document. */
public final class ComparisonText {

  private static final String NONE = "-";

  private ComparisonText() {}

  /** The figures, then what differs in the settings, then what makes them doubtful. */
  public static String text(Comparison comparison) {
    StringBuilder text = new StringBuilder();
    text.append(figures(comparison));
    text.append(System.lineSeparator());
    if (comparison.differences().isEmpty()) {
      line(text, "All settings are the same.");
    } else {
      text.append(differences(comparison));
    }
    for (String warning : comparison.warnings()) {
      line(text, "Note: " + warning + ".");
    }
    return text.toString();
  }

  private static TextTable figures(Comparison comparison) {
    List<String> headings = new ArrayList<>(List.of(""));
    for (int i = 0; i < comparison.names().size(); i++) {
      headings.add(comparison.names().get(i));
      if (i > 0) {
        headings.add("ratio");
      }
    }
    TextTable table = new TextTable(headings);
    String group = "";
    for (Comparison.Row row : comparison.rows()) {
      if (!row.group().equals(group)) {
        group = row.group();
        List<String> heading = new ArrayList<>(List.of(group));
        while (heading.size() < headings.size()) {
          heading.add("");
        }
        table.add(heading);
      }
      List<String> cells = new ArrayList<>(List.of("  " + row.metric()));
      for (int i = 0; i < row.values().size(); i++) {
        cells.add(figure(row.values().get(i), row.unit()));
        if (i > 0) {
          Double ratio = row.ratios().get(i);
          cells.add(ratio == null ? NONE : String.format(Locale.ROOT, "%.2fx", ratio));
        }
      }
      table.add(cells);
    }
    return table;
  }

  private static TextTable differences(Comparison comparison) {
    List<String> headings = new ArrayList<>(List.of("settings that differ"));
    headings.addAll(comparison.names());
    TextTable table = new TextTable(headings);
    comparison
        .differences()
        .forEach((option, values) -> {
          List<String> cells = new ArrayList<>(List.of("  " + option));
          values.forEach(value -> cells.add(value == null ? NONE : value));
          table.add(cells);
        });
    return table;
  }

  /** The comparison as one JSON document, without the recorded histograms. */
  public static Map<String, Object> document(Comparison comparison) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("names", comparison.names());
    document.put("rows", comparison.rows());
    document.put("differences", comparison.differences());
    document.put("warnings", comparison.warnings());
    return document;
  }

  private static String figure(@Nullable Double value, String unit) {
    if (value == null) {
      return NONE;
    }
    return switch (unit) {
      case "ms" -> millis(value);
      case "share" -> String.format(Locale.ROOT, "%.2f%%", value * 100);
      case "/s" -> String.format(Locale.ROOT, "%,.0f/s", value);
      case "ratio" -> String.format(Locale.ROOT, "%.3f", value);
      default -> String.format(Locale.ROOT, "%,.0f", value);
    };
  }

  private static String millis(double millis) {
    if (millis < 1) {
      return String.format(Locale.ROOT, "%.0f us", millis * 1_000);
    }
    return millis < 1_000
        ? String.format(Locale.ROOT, "%.2f ms", millis)
        : String.format(Locale.ROOT, "%.2f s", millis / 1_000);
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append(System.lineSeparator());
  }
}
