package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DatabaseSettingsTest {

  @Test
  void everySettingHasADefault() {
    DatabaseSettings settings = bind(Map.of());

    assertThat(settings.url()).isNull();
    assertThat(settings.username()).isNull();
    assertThat(settings.password()).isNull();
    assertThat(settings.poolSize()).isEqualTo(16);
    assertThat(settings.flushPoolSize()).isEqualTo(2);
    assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.poolTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.socketTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.lockTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.idleTransactionTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.sessionLifetime()).isEqualTo(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pool-size                | 0      | weir.database.pool-size is 1 to 1000, got 0
          pool-size                | 1001   | weir.database.pool-size is 1 to 1000, got 1001
          flush-pool-size          | 0      | weir.database.flush-pool-size is 1 to 1000, got 0
          connect-timeout          | 0ms    | weir.database.connect-timeout is 1ms to 1h, got 0s
          connect-timeout          | 2h     | weir.database.connect-timeout is 1ms to 1h, got 7200s
          pool-timeout             | 249ms  | weir.database.pool-timeout is 250ms to 1h, got 249ms
          socket-timeout           | 0ms    | weir.database.socket-timeout is 1ms to 1h, got 0s
          lock-timeout             | 999ms  | weir.database.lock-timeout is 1s to 1h, got 999ms
          lock-timeout             | 1500ms | weir.database.lock-timeout is a whole number of seconds, got 1500ms
          lock-timeout             | 15s    | weir.database.lock-timeout must be below weir.database.socket-timeout (15s), got 15s
          idle-transaction-timeout | 0s     | weir.database.idle-transaction-timeout is 1s to 1h, got 0s
          idle-transaction-timeout | 1500ms | weir.database.idle-transaction-timeout is a whole number of seconds, got 1500ms
          session-lifetime         | 29999ms | weir.database.session-lifetime is 30s to 1h, got 29999ms
          url                      | jdbc:postgresql://me:secret@h/d | weir.database.url starts with jdbc:mysql: (MySQL and MariaDB) or jdbc:h2:, got 'jdbc:postgresql://h/d'
          url                      | jdbc:mysql://h/d?useAffectedRows=true | weir.database.url must not set useAffectedRows=true: the fence counts matched rows; leave the parameter out
          url                      | jdbc:h2:mem:a;WRITE_DELAY=500 | weir.database.url must have WRITE_DELAY=0 (without it a kill loses commits that were acknowledged), got WRITE_DELAY=500
          url                      | jdbc:h2:mem:a;MODE=Oracle | weir.database.url must have MODE=MySQL (Weir's SQL is MySQL's), got MODE=Oracle
          """)
  void aWrongValueIsRefusedWithASentence(String name, String value, String sentence) {
    assertThatThrownBy(() -> bind(Map.of("weir.database." + name, value)))
        .rootCause()
        .hasMessage(sentence);
  }

  @Test
  void withoutUrlTheDatabaseIsAFileOfThisProcess() {
    DatabaseSettings settings = bind(Map.of()).orInProcess(Path.of("/data"));

    assertThat(settings.url()).isEqualTo("jdbc:h2:file:/data/shard");
  }

  @Test
  void aUrlThatIsSetStays() {
    DatabaseSettings settings = bind(Map.of("weir.database.url", "jdbc:mysql://h/d"));

    assertThat(settings.orInProcess(Path.of("/data"))).isSameAs(settings);
  }

  @Test
  void thePasswordIsNotPrinted() {
    DatabaseSettings settings =
        bind(
            Map.of(
                "weir.database.url", "jdbc:mysql://u:hidden@h/d?password=hidden",
                "weir.database.password", "hidden"));

    assertThat(settings.toString()).contains("jdbc:mysql://h/d").doesNotContain("hidden");
  }

  /** Settings with which a busy machine comes to what an idle one comes to. */
  static DatabaseSettings patient() {
    return bind(
        Map.of(
            "weir.database.connect-timeout", "1m",
            "weir.database.pool-timeout", "1m",
            "weir.database.socket-timeout", "2m",
            "weir.database.lock-timeout", "1m",
            "weir.database.idle-transaction-timeout", "1m"));
  }

  static DatabaseSettings bind(Map<String, String> properties) {
    return new Binder(new MapConfigurationPropertySource(properties))
        .bindOrCreate("weir.database", DatabaseSettings.class);
  }
}
