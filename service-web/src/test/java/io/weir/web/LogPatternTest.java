package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

/** The patterns of both services' log lines. */
@ParameterizedClass
@ValueSource(strings = {"console", "file"})
class LogPatternTest {

  private final LoggerContext context = new LoggerContext();
  private final PatternLayout layout;

  LogPatternTest(String of) {
    layout = new PatternLayout();
    YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
    yaml.setResources(new ClassPathResource("service-web.yaml"));
    layout.setContext(context);
    layout.setPattern(
        Objects.requireNonNull(yaml.getObject()).getProperty("logging.pattern." + of));
    layout.start();
    assertThat(layout.isStarted()).isTrue();
  }

  private String line(String message, @Nullable Throwable failure) {
    return layout.doLayout(
        new LoggingEvent(
            "x", context.getLogger("io.weir.Some"), Level.WARN, message, failure, null));
  }

  @Test
  void anOrdinaryLineIsAsItWas() {
    assertThat(line("all is well: ä 東京", null))
        .matches(
            "(\\d{4}-\\d\\d-\\d\\dT)?\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S* WARN  Some {21}all is well: ä 東京\n");
  }

  @Test
  void aMessageForgesNoLine() {
    String[] lines =
        line("key=x\n10:00:00.000 INFO  leading\rx\u001b[2J\u202ey\u0085z", null).split("\n");
    assertThat(lines).hasSize(4);
    assertThat(lines[0]).endsWith("key=x");
    assertThat(lines[1]).isEqualTo("    10:00:00.000 INFO  leading");
    assertThat(lines[2]).isEqualTo("    x?[2J?y");
  }

  @Test
  void noMoreDoesTheMessageOfAnException() {
    String text = line("failed", new IllegalStateException("a\n10:00:00.000 INFO  b\u0007"));
    assertThat(text.lines().skip(1)).isNotEmpty().allMatch(each -> each.startsWith("    "));
    assertThat(text).contains("10:00:00.000 INFO  b?").endsWith("\n").doesNotEndWith("\n\n");
  }
}
