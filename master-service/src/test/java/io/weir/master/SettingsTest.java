package io.weir.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.master.redirect.RedirectSettings;
import io.weir.master.registry.DatabaseSettings;
import io.weir.master.registry.MasterSettings;
import io.weir.master.registry.Network;
import io.weir.master.status.CacheAccessSettings;
import io.weir.master.topology.WatchSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class SettingsTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withUserConfiguration(All.class)
          .withPropertyValues("weir.master.database.url=jdbc:h2:mem:x");

  @Test
  void theDefaults() {
    runner.run(context -> {
      assertThat(context.getBean(MasterSettings.class))
          .isEqualTo(
              new MasterSettings(
                  1,
                  false,
                  Duration.ofSeconds(6),
                  Duration.ofSeconds(2),
                  Duration.ofMillis(500),
                  false,
                  100));
      assertThat(context.getBean(DatabaseSettings.class))
          .isEqualTo(
              new DatabaseSettings(
                  "jdbc:h2:mem:x", null, null, 10, Duration.ofSeconds(5), Duration.ofSeconds(60)));
      assertThat(context.getBean(WatchSettings.class))
          .isEqualTo(
              new WatchSettings(
                  Duration.ofSeconds(60), null, Duration.ofMillis(200), Duration.ofMillis(100)));
      assertThat(context.getBean(CacheAccessSettings.class))
          .isEqualTo(new CacheAccessSettings(null, null, Duration.ofSeconds(2)));
      assertThat(context.getBean(RedirectSettings.class).network()).isEqualTo(Network.INTERNAL);
    });
  }

  @ParameterizedTest
  @CsvSource({
    "weir.master.shards=0,weir.master.shards is 0; allowed is 1 to 16384",
    "weir.master.shards=16385,weir.master.shards is 16385; allowed is 1 to 16384",
    "weir.master.heartbeat=3s,weir.master.heartbeat is 3000ms; allowed is less than half of weir.master.lease",
    "weir.master.heartbeat=1ms,weir.master.heartbeat is 1ms; allowed is 50ms to 24h",
    "weir.master.lease=200000d,weir.master.lease is 17280000000000ms; allowed is 50ms to 24h",
    "weir.master.sweep=0s,weir.master.sweep is 0ms; allowed is 50ms to 24h",
    "weir.master.events=0,weir.master.events is 0; allowed is 1 to 1000",
    "weir.master.events=1001,weir.master.events is 1001; allowed is 1 to 1000",
    "weir.master.database.url=mysql,weir.master.database.url is 'mysql'; allowed is a JDBC URL",
    "weir.master.database.connections=1,weir.master.database.connections is 1; allowed is 2 to 1000",
    "weir.master.database.connect-timeout=1ms,weir.master.database.connect-timeout is 1ms; allowed is 250ms or more",
    "weir.master.cache-timeout=1ms,weir.master.cache-timeout is 1ms; allowed is 100ms to 60s",
    "weir.master.watch.max-wait=1h,weir.master.watch.max-wait is 3600s; allowed is 0s to 600s",
    "weir.master.watch.max-waiters=-1,weir.master.watch.max-waiters is -1; allowed is 0 or more",
    "weir.master.watch.min-interval=11s,weir.master.watch.min-interval is 11000ms; allowed is 0ms to 10s",
    "weir.master.watch.poll-interval=1ms,weir.master.watch.poll-interval is 1ms; allowed is 10ms to 10s",
  })
  void aWrongValueIsRefusedWithASentence(String property, String sentence) {
    runner
        .withPropertyValues(property)
        .run(
            context -> assertThat(context).getFailure().rootCause().hasMessageContaining(sentence));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties({
    MasterSettings.class,
    DatabaseSettings.class,
    WatchSettings.class,
    RedirectSettings.class,
    CacheAccessSettings.class
  })
  static class All {}
}
