package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretsTest {

  @Test
  void aJdbcUrlInASentenceIsCutDownToThePlace() {
    assertThat(
            Secrets.withoutAccounts(
                "The URL 'jdbc:mysql://root:hunter2@db:3306/weir?password=hunter2' and"
                    + " JDBC:H2:tcp://h/x;USER=sa;PASSWORD=hunter2 are no good."))
        .isEqualTo("The URL 'jdbc:mysql://db:3306/weir' and JDBC:H2:tcp://h/x are no good.");
    assertThat(Secrets.withoutAccounts("no URL? none;")).isEqualTo("no URL? none;");
  }

  @Test
  void secretsAreToldByTheirNames() {
    assertThat(Secrets.isSecret("weir.database.password")).isTrue();
    assertThat(Secrets.isSecret("weir.security.tokens[2]")).isTrue();
    assertThat(Secrets.isSecret("weir.security.tokens-file")).isFalse();
    assertThat(Secrets.isSecret("weir.cache.max-bytes")).isFalse();
  }
}
