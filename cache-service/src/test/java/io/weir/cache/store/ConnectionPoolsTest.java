package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ConnectionPoolsTest {

  /** Nothing listens there. */
  private static final String NOWHERE = "jdbc:mysql://127.0.0.1:1/d";

  @ParameterizedTest
  @CsvSource({"30s, 30000, 15000", "1m, 60000, 30000", "1h, 3600000, 300000"})
  void sessionsWithAServerLiveForABoundedTime(
      String setting, long lifetime, long idle, CapturedOutput log) {
    DatabaseSettings settings = settings(Map.of("weir.database.session-lifetime", setting));
    DatabaseUrl url = DatabaseUrl.parse(NOWHERE);
    try (HikariDataSource reads = ConnectionPools.reads(settings, url);
        HikariDataSource writes = ConnectionPools.writes(settings, url)) {
      assertThat(reads.getMaxLifetime()).isEqualTo(lifetime);
      assertThat(reads.getIdleTimeout()).isEqualTo(idle);
      assertThat(writes.getMaxLifetime()).isEqualTo(lifetime);
      assertThat(writes.getIdleTimeout()).isEqualTo(10_000);
    }
    assertThat(log.getAll()).doesNotContain("keepaliveTime", "idleTimeout", "maxLifetime");
  }

  @ParameterizedTest
  @CsvSource({"15s, 5s, 5", "15s, 14s, 5", "60s, 10s, 10", "4s, 1s, 1", "2s, 1s, 1"})
  void aWaitForATableEndsBeforeTheSessionIsGivenUp(String socket, String lock, int seconds) {
    DatabaseSettings settings =
        settings(
            Map.of("weir.database.socket-timeout", socket, "weir.database.lock-timeout", lock));
    DatabaseUrl url = DatabaseUrl.parse(NOWHERE);
    try (HikariDataSource reads = ConnectionPools.reads(settings, url);
        HikariDataSource writes = ConnectionPools.writes(settings, url)) {
      String waits = "SET SESSION lock_wait_timeout = " + seconds;
      assertThat(reads.getConnectionInitSql()).startsWith(waits + " /*");
      assertThat(writes.getConnectionInitSql()).startsWith(waits + ", wait_timeout = 10");
    }
  }

  @Test
  void whatReadsEndsInTheServerBeforeItIsGivenUp() {
    DatabaseSettings settings = settings(Map.of());
    try (HikariDataSource reads = ConnectionPools.reads(settings, DatabaseUrl.parse(NOWHERE))) {
      assertThat(reads.getConnectionInitSql())
          .contains("/*!80000 , max_execution_time = 13500 */")
          .contains("/*M!100100 , max_statement_time = 13.500 */");
    }
  }

  private static DatabaseSettings settings(Map<String, String> properties) {
    return DatabaseSettingsTest.bind(properties).at(NOWHERE, "u", "p");
  }
}
