package io.weir.load.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page that is complete in one file: template, style, scripts, the chart library with its
 * licence, and the data as one JSON block. It refers to nothing outside itself, and says so to the
 * browser by its content security policy.
 */
public final class HtmlPage {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)}}");
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/";
  private static final String CHARTS_POM = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

  /** The script that draws a page out of its data. */
  public enum View {
    LOAD("load.js"),
    COMPARE("compare.js"),
    SWEEP("sweep.js");

    private final String script;

    View(String script) {
      this.script = script;
    }
  }

  private HtmlPage() {}

  /**
   * Writes a page; what was in the file before is replaced.
   *
   * @param data a document that Jackson can write, as the view's script expects it
   */
  public static void write(Path file, View view, String title, Object data) throws IOException {
    Files.writeString(file, html(view, title, data));
  }

  static String html(View view, String title, Object data) {
    String charts = CHARTS + version() + "/";
    Map<String, String> parts =
        Map.of(
            "title", escape(title),
            "chart-style", resource(charts + "dist/uPlot.min.css"),
            "style", resource("page.css"),
            "data", json(data),
            "chart-licence", resource(charts + "LICENSE").strip(),
            "chart-script", resource(charts + "dist/uPlot.iife.min.js"),
            "page-script", resource("page.js"),
            "view-script", resource(view.script));
    // One pass: what is put in is not looked at again, whatever it contains.
    return PLACEHOLDER
        .matcher(resource("page.html"))
        .replaceAll(found -> Matcher.quoteReplacement(part(parts, found.group(1))));
  }

  private static String part(Map<String, String> parts, String name) {
    String part = parts.get(name);
    if (part == null) {
      throw new IllegalStateException("the template has an unknown placeholder: " + name);
    }
    return part;
  }

  /** JSON that neither ends its script element nor opens a comment in it. */
  private static String json(Object data) {
    return JsonMapper.shared().writeValueAsString(data).replace("<", "\\u003c");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** That of the library on the class path, which is part of the paths in it. */
  private static String version() {
    Properties pom = new Properties();
    try (InputStream in = open(CHARTS_POM)) {
      pom.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pom.getProperty("version", "unknown");
  }

  private static String resource(String name) {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = HtmlPage.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException("this build lacks " + name);
    }
    return in;
  }
}
