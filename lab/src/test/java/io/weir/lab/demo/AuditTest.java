package io.weir.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AuditTest {

  @Test
  void theLineForScriptsHasPlainNumbers() {
    assertThat(Audit.summary(1_234_567, 0))
        .isEqualTo("audit: 1234567 acknowledged writes, 0 missing");
  }
}
