package io.weir.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page that is made of the code. It stands between two marks, {@code <!-- NAME:
 * generated -->} and {@code <!-- NAME: end -->}, each on a line of its own.
 */
public final class GeneratedPart {

  /** With this system property set to true, {@link #check} writes the part. */
  public static final String WRITE = "weir.docs.write";

  private final Path page;
  private final String name;

  private GeneratedPart(Path page, String name) {
    this.page = page;
    this.name = name;
  }

  /** The part of this name in a page of docs/, for a test that runs in the folder of its module. */
  public static GeneratedPart of(String page, String name) {
    return new GeneratedPart(Path.of("..", "docs", page), name);
  }

  /**
   * Checks that this text is between the marks, or puts it there when the system property {@value
   * #WRITE} is true.
   *
   * @throws AssertionError when something else stands there, or the page lacks the marks
   */
  public void check(String generated) {
    try {
      String text = Files.readString(page);
      String begin = "<!-- " + name + ": generated -->\n";
      String end = "<!-- " + name + ": end -->\n";
      int from = text.indexOf(begin);
      int to = text.indexOf(end);
      if (from < 0 || to < from) {
        throw new AssertionError(page + " lacks the marks of " + name);
      }
      String updated = text.substring(0, from + begin.length()) + generated + text.substring(to);
      if (Boolean.getBoolean(WRITE)) {
        Files.writeString(page, updated);
      } else if (!text.equals(updated)) {
        throw new AssertionError(
            "The part '%s' of %s is not what the code says. Run this test with -D%s=true to write it"
                    .formatted(name, page, WRITE)
                + " anew; it is to be:\n"
                + generated);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
