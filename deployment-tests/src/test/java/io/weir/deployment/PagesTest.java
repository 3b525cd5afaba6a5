package io.weir.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds every page of the repository to what a reader can follow. */
class PagesTest {

  private static final int COLUMNS = 100;

  /** What pages' names begin with that are not yet brought to {@value #COLUMNS} columns. */
  private static final Set<String> WIDE =
      Set.of(
          "CHANGELOG.md",
          "SECURITY.md",
          "docs/adr/000",
          "docs/adr/001",
          "docs/adr/0020-",
          "docs/adr/0021-",
          "docs/consistency.md",
          "docs/deploy.md",
          "docs/load-testing.md",
          "docs/operations.md",
          "docs/security.md",
          "docs/sweep.md");

  /** A class in code font, perhaps with its package before it and a member behind it. */
  private static final Pattern CLASS =
      Pattern.compile("(?:[a-z]\\w*\\.)*([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?(?:\\(.*\\))?");

  /** A file or a folder in code font; what begins with a slash is of a URL. */
  private static final Pattern PATH =
      Pattern.compile("[\\w.-]+(?:/[\\w.-]+)+/?|[\\w-]+\\.(?:css|html|java|js|md|sh|xml|ya?ml)");

  private static final Pattern DECLARATION =
      Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");

  private final List<Path> files = Repository.files();

  private final Map<String, Page> pages = new TreeMap<>();

  PagesTest() {
    files.stream()
        .filter(file -> file.toString().endsWith(".md"))
        .forEach(file -> pages.put(nameOf(file), Page.read(file)));
  }

  private static String nameOf(Path file) {
    return Repository.ROOT.relativize(file).toString();
  }

  @Test
  void everyLinkLeadsSomewhere() {
    List<String> broken = new ArrayList<>();
    pages.forEach((name, page) -> {
      for (String link : page.links()) {
        if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
          broken.add(name + " -> " + link);
        }
      }
    });
    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Page page, String link) {
    String[] parts = URLDecoder.decode(link, StandardCharsets.UTF_8).split("#", 2);
    Path target =
        parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
    if (!target.startsWith(Repository.ROOT) || !Files.exists(target)) {
      return false;
    }
    return parts.length == 1
        || (target.toString().endsWith(".md") && Page.read(target).anchors().contains(parts[1]));
  }

  @Test
  void aBlankLineStandsBeforeEveryHeading() {
    List<String> tight = new ArrayList<>();
    pages.forEach((name, page) ->
        page.headings().stream()
            .filter(number -> !page.line(number - 1).isBlank())
            .forEach(number -> tight.add(name + ":" + number)));
    assertThat(tight).isEmpty();
  }

  @Test
  void proseKeepsToItsColumns() {
    List<String> wide = new ArrayList<>();
    pages.forEach((name, page) -> {
      if (WIDE.stream().noneMatch(name::startsWith)) {
        page.longerThan(COLUMNS).forEach(number -> wide.add(name + ":" + number));
      }
    });
    assertThat(wide).as("lines of more than %d columns", COLUMNS).isEmpty();
  }

  @Test
  void theTourOfTheSourceNamesClassesAndFilesThatAreThere() {
    Map<String, List<Path>> declared = declarations();
    List<String> missing = new ArrayList<>();
    for (String code : pages.get("docs/architecture.md").code()) {
      Matcher name = CLASS.matcher(code);
      boolean isThere =
          name.matches()
              ? isDeclared(declared.getOrDefault(name.group(1), List.of()), name.group(2))
              : !PATH.matcher(code).matches() || isPath(code);
      if (!isThere) {
        missing.add(code);
      }
    }
    assertThat(missing).isEmpty();
  }

  /** The files that declare a class, by its simple name. */
  private Map<String, List<Path>> declarations() {
    Map<String, List<Path>> declared = new HashMap<>();
    files.stream()
        .filter(file -> file.toString().endsWith(".java"))
        .forEach(file ->
            DECLARATION
                .matcher(Repository.read(file))
                .results()
                .forEach(found ->
                    declared.computeIfAbsent(found.group(1), name -> new ArrayList<>()).add(file)));
    return declared;
  }

  private static boolean isDeclared(List<Path> files, @Nullable String member) {
    return files.stream()
        .anyMatch(file ->
            member == null || Repository.read(file).matches("(?s).*\\b" + member + "\\b.*"));
  }

  private boolean isPath(String code) {
    Path end = Path.of(code);
    return files.stream()
        .flatMap(
            file -> Stream.iterate(file, path -> path.startsWith(Repository.ROOT), Path::getParent))
        .anyMatch(path -> path.endsWith(end));
  }
}
