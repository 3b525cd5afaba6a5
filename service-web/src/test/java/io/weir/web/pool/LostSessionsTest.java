package io.weir.web.pool;

import static com.zaxxer.hikari.SQLExceptionOverride.Override.CONTINUE_EVICT;
import static com.zaxxer.hikari.SQLExceptionOverride.Override.MUST_EVICT;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class LostSessionsTest {

  private static SQLException failure(int code) {
    return new SQLException("reason", String.valueOf(code), code);
  }

  @Test
  void aConnectionOfH2WhoseServerIsGoneLeavesThePool() {
    LostSessions lost = new LostSessions();
    assertThat(lost.adjudicate(failure(90067))).isEqualTo(MUST_EVICT);
    assertThat(lost.adjudicate(failure(90121))).isEqualTo(MUST_EVICT);
    assertThat(lost.adjudicate(failure(23505))).isEqualTo(CONTINUE_EVICT);
  }
}
