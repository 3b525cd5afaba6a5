package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.model.ByteSize;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@ExtendWith(OutputCaptureExtension.class)
class RefusedStartTest {

  @Test
  void aSizeIsReadWithItsUnit() {
    try (ConfigurableApplicationContext context = start("--weir.test.size=8MiB")) {
      assertThat(context.getBean(TestSettings.class).size()).isEqualTo(ByteSize.ofMiB(8));
    }
  }

  @Test
  void aValueThatCannotBeReadIsNamed(CapturedOutput output) {
    refuse("--weir.test.size=8 apples");
    assertThat(output)
        .contains("weir.test.size is '8 apples': '8 apples' is no size")
        .doesNotContain("\tat ");
  }

  @Test
  void anUnknownNameListsTheKnownOnes(CapturedOutput output) {
    refuse("--weir.test.mode=slow");
    assertThat(output)
        .contains("weir.test.mode is 'slow': allowed is one of read-write, optimistic");
  }

  @Test
  void whatTheRecordRejectsIsItsOwnSentence(CapturedOutput output) {
    refuse("--weir.test.lease=1s");
    assertThat(output)
        .contains("weir.test.lease is PT1S; allowed is 2s or more")
        .doesNotContain("\tat ");
  }

  @Test
  void anUnknownNameIsSaidWithoutItsValue(CapturedOutput output) {
    refuse("--weir.test.pasword=hunter2", "--weir.test.tokken=alice read 0123456789abcdef");
    assertThat(output)
        .contains("weir.test.pasword is no setting (\"weir.test.pasword\" from property source")
        .contains("weir.test.tokken is no setting")
        .contains("Correct the name, or leave the setting out")
        .doesNotContain("hunter2")
        .doesNotContain("0123456789abcdef")
        .doesNotContain("\tat ");
  }

  @Test
  void whatBreaksARecordWithoutASentenceIsNamedWithoutItsValue(CapturedOutput output) {
    refuse("--weir.test.account=hunter2");
    assertThat(output)
        .contains("weir.test.account cannot be read")
        .doesNotContain("hunter2")
        .doesNotContain("\tat ");
  }

  @Test
  void aRefusalIsPrintedAsItIsButForPasswords(CapturedOutput output) {
    refuse("--weir.test.refuse=true");
    assertThat(output)
        .contains("The database jdbc:h2:x belongs to another shard.")
        .doesNotContain("hunter2")
        .doesNotContain("\tat ");
  }

  private static void refuse(String... arguments) {
    assertThatThrownBy(() -> start(arguments).close()).isInstanceOf(Exception.class);
  }

  private static ConfigurableApplicationContext start(String... arguments) {
    SpringApplication application = new SpringApplication(TestApplication.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    return application.run(arguments);
  }

  /** What no converter makes of a text. */
  static final class Account {}

  enum Mode {
    READ_WRITE,
    OPTIMISTIC
  }

  @ConfigurationProperties(prefix = "weir.test", ignoreUnknownFields = false)
  record TestSettings(
      @DefaultValue("1MiB") ByteSize size,
      @DefaultValue("read-write") Mode mode,
      @DefaultValue("6s") Duration lease,
      @DefaultValue("false") boolean refuse,
      @Nullable Account account) {

    TestSettings {
      if (lease.toSeconds() < 2) {
        throw new IllegalArgumentException(
            "weir.test.lease is " + lease + "; allowed is 2s or more");
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(TestSettings.class)
  @Import(ServiceWebConfiguration.class)
  static class TestApplication {

    @Bean
    Object refuses(TestSettings settings) {
      if (settings.refuse()) {
        throw new StartupRefusedException(
            "The database jdbc:h2:x;PASSWORD=hunter2 belongs to another shard.");
      }
      return "starts";
    }
  }
}
