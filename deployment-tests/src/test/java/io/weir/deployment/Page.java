package io.weir.deployment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of Markdown, as far as links and layout go.
 *
 * @param file where it is
 * @param lines its lines; those of fenced code are empty, so that they count and say nothing
 */
record Page(Path file, List<String> lines) {

  private static final Pattern FENCE = Pattern.compile(" {0,3}(```+|~~~+).*");

  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?) *#*");

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(<?([^)\\s>]+)[^)]*\\)");

  private static final Pattern REFERENCE = Pattern.compile("^ {0,3}\\[[^]]+]: *<?([^\\s>]+)>?");

  private static final Pattern ATTRIBUTE = Pattern.compile("<[^>]*\\b(?:src|href)=\"([^\"]+)\"");

  static Page read(Path file) {
    List<String> lines = new ArrayList<>();
    boolean fenced = false;
    for (String line : Repository.read(file).lines().toList()) {
      boolean fence = FENCE.matcher(line).matches();
      lines.add(fenced || fence ? "" : line);
      fenced ^= fence;
    }
    return new Page(file, lines);
  }

  /** The numbers of lines, from 1, that hold a heading. */
  List<Integer> headings() {
    List<Integer> headings = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (HEADING.matcher(lines.get(i)).matches()) {
        headings.add(i + 1);
      }
    }
    return headings;
  }

  /** The line of this number, from 1; before the first all are empty. */
  String line(int number) {
    return number < 1 ? "" : lines.get(number - 1);
  }

  /** What GitHub makes of the headings for links to them. */
  Set<String> anchors() {
    Set<String> anchors = new LinkedHashSet<>();
    Map<String, Integer> seen = new HashMap<>();
    for (int number : headings()) {
      String heading = HEADING.matcher(line(number)).replaceFirst("$1");
      String slug =
          heading
              .replaceAll("!?\\[([^]]*)]\\([^)]*\\)", "$1")
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N}\\p{M} _-]", "")
              .replace(' ', '-');
      int before = seen.merge(slug, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? slug : slug + "-" + before);
    }
    return anchors;
  }

  /** Where it links to, outside of code. */
  List<String> links() {
    return lines.stream()
        .filter(line -> !isCode(line))
        .map(line -> CODE.matcher(line).replaceAll("code"))
        .flatMap(line -> Stream.of(LINK, REFERENCE, ATTRIBUTE).flatMap(each -> all(each, line)))
        .toList();
  }

  /** All that stands in code font in its text. */
  List<String> code() {
    return lines.stream().filter(line -> !isCode(line)).flatMap(line -> all(CODE, line)).toList();
  }

  /** The numbers of lines of prose that are longer than this. */
  List<Integer> longerThan(int columns) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!isCode(line)
          && !line.startsWith("|")
          && line.codePointCount(0, line.length()) > columns) {
        numbers.add(i + 1);
      }
    }
    return numbers;
  }

  private static boolean isCode(String line) {
    return line.startsWith("    ");
  }

  private static Stream<String> all(Pattern pattern, String line) {
    return pattern.matcher(line).results().map((MatchResult found) -> found.group(1));
  }
}
