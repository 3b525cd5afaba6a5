package io.weir.load.report;

import java.util.ArrayList;
import java.util.List;

/** Lines whose columns stand below each other. */
public final class TextTable {

  private static final String GAP = "  ";

  private final List<List<String>> lines = new ArrayList<>();

  public TextTable(List<String> headings) {
    lines.add(headings);
  }

  public void add(List<String> cells) {
    lines.add(cells);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < line.size(); i++) {
        row.append(line.get(i)).repeat(' ', width(i) - line.get(i).length()).append(GAP);
      }
      text.append(row.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  private int width(int column) {
    return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
  }
}
