package io.weir.web.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.SanitizableData;

class SecretSanitizerTest {

  private final SecretSanitizer sanitizer = new SecretSanitizer();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weir.database.password",
        "WEIR_DATABASE_PASSWORD",
        "weir.master.database.password",
        "weir.security.tokens",
        "weir.security.tokens[0]",
        "WEIR_SECURITY_TOKENS_0",
        "some.token",
        "spring.ssl.bundle.pem.server.keystore.private-key",
        "spring.ssl.bundle.pem.server.keystore.privateKey",
        "spring.ssl.bundle.jks.server.keystore.password",
      })
  void whatIsASecretByItsNameIsHidden(String name) {
    assertThat(shown(name, "hunter2")).isEqualTo(SanitizableData.SANITIZED_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weir.security.tokens-file",
        "WEIR_SECURITY_TOKENS_FILE",
        "weir.master.token-file",
        "weir.node-id"
      })
  void aFileNameIsNone(String name) {
    assertThat(shown(name, "/run/secrets/tokens")).isEqualTo("/run/secrets/tokens");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:mysql://db:3306/weir?user=root&password=hunter2, jdbc:mysql://db:3306/weir",
    "jdbc:mysql://root:hunter2@db/weir, jdbc:mysql://db/weir",
    "jdbc:mysql://root:hunt@er2@db/weir, jdbc:mysql://db/weir",
    "cannot open 'jdbc:h2:x;PASSWORD=hunter2': no, cannot open 'jdbc:h2:x': no",
    "jdbc:h2:tcp://h/x;USER=sa;PASSWORD=hunter2, jdbc:h2:tcp://h/x",
    "--weir.database.url=jdbc:mysql://db/weir?password=hunter2,"
        + " --weir.database.url=jdbc:mysql://db/weir",
    "http://h?password=x, http://h?password=x",
  })
  void aJdbcUrlIsShownWithoutAccountAndParameters(String url, String expected) {
    assertThat(shown("weir.database.url", url)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sun.java.command", "JAVA_TOOL_OPTIONS", "SPRING_APPLICATION_JSON"})
  void whatHoldsSeveralSettingsIsHiddenAsAWhole(String name) {
    assertThat(shown(name, "weir.jar --weir.database.password=hunter2").toString())
        .doesNotContain("hunter2");
  }

  @Test
  void whatHasNoValueStaysSo() {
    assertThat(shown("weir.database.password", null)).isNull();
  }

  private Object shown(String name, Object value) {
    return sanitizer.apply(new SanitizableData(null, name, value)).getValue();
  }
}
