package io.weir.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlPageTest {

  private static final Pattern DATA =
      Pattern.compile(
          "<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

  /** What makes a browser fetch something, in HTML, CSS and scripts. */
  private static final Pattern FETCH =
      Pattern.compile(
          "\\s(src|href|srcset|action|poster)\\s*=|url\\(|@import|<link|<img|<iframe|<object|<embed"
              + "|\\bfetch\\(|XMLHttpRequest|WebSocket|\\bimport\\s*\\(",
          Pattern.CASE_INSENSITIVE);

  /** The data block of a page. */
  static JsonNode data(String html) {
    Matcher found = DATA.matcher(html);
    assertThat(found.find()).as("the page has a data block").isTrue();
    return JsonMapper.shared().readTree(found.group(1));
  }

  @ParameterizedTest
  @EnumSource
  void everyPlaceholderIsFilled(HtmlPage.View view) {
    assertThat(HtmlPage.html(view, "A title", Map.of())).doesNotContainPattern("\\{\\{[a-z-]+}}");
  }

  @ParameterizedTest
  @EnumSource
  void aPageRefersToNothingOutsideItself(HtmlPage.View view) {
    assertThat(HtmlPage.html(view, "A title", Map.of())).doesNotContainPattern(FETCH);
  }

  @ParameterizedTest
  @EnumSource
  void everyScriptEndsWhereItsElementDoes(HtmlPage.View view) {
    String html = HtmlPage.html(view, "A title", Map.of());
    assertThat(html.split("<script", -1)).hasSize(5);
    assertThat(html.split("</script>", -1)).hasSize(5);
  }

  @Test
  void theChartLibraryComesWithItsLicence() {
    assertThat(HtmlPage.html(HtmlPage.View.LOAD, "A title", Map.of()))
        .contains("var uPlot=")
        .contains("The MIT License")
        .contains("Permission is hereby granted, free of charge");
  }

  @Test
  void dataCannotEndItsElement() {
    String hostile = "</script><script>alert(1)</script><!-- {{style}} $1 \\ \u2028";
    String html = HtmlPage.html(HtmlPage.View.LOAD, "A title", Map.of("name", hostile));
    assertThat(html).doesNotContain("alert(1)</script>").doesNotContain("<!-- {{");
    assertThat(data(html).get("name").asString()).isEqualTo(hostile);
  }

  @Test
  void aTitleIsText() {
    assertThat(HtmlPage.html(HtmlPage.View.LOAD, "a<b>&</title>", List.of()))
        .contains("<title>a&lt;b&gt;&amp;&lt;/title&gt;</title>");
  }
}
