package io.weir.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.client.transport.ServerAddress;
import io.weir.model.Version;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void aClientNeedsAMaster() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WeirClient.builder().build())
        .withMessage("masters needs at least one URL, got none");
  }

  @Test
  void rejectsDurationsAndNumbersOutOfRange() {
    WeirClientBuilder builder = WeirClient.builder().master("http://localhost:7400");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.deadline(Duration.ZERO).build())
        .withMessage("deadline is 1 ms to 1 day, got PT0S");
    builder.deadline(Duration.ofSeconds(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.maxConnectionsPerServer(0).build())
        .withMessage("maxConnectionsPerServer is at least 1, got 0");
  }

  @Test
  void aServerIsReachedAtAnHttpUrl() {
    assertThat(ServerAddress.parse("http://h:7401")).hasToString("http://h:7401");
    assertThat(ServerAddress.parse("http://h/a/b/"))
        .isEqualTo(new ServerAddress(false, "h", 80, "/a/b"));
    assertThat(ServerAddress.parse("http://[::1]:7401").authority()).isEqualTo("[::1]:7401");
    for (String wrong : new String[] {"h:7401", "ftp://h", "http:///x", "http://h?q", "7400"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> ServerAddress.parse(wrong));
    }
  }

  @Test
  void aWriteHasOneCondition() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WriteOptions.DEFAULT.onlyIfAbsent().onlyOver(new Version(1)))
        .withMessage("a write is conditional on a version or on absence, not on both");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WriteOptions.DEFAULT.ttl(Duration.ofNanos(1)));
  }

  @Test
  void readsTheCacheStatusHeader() {
    assertThat(CacheStatus.of("weir; hit")).isEqualTo(CacheStatus.HIT);
    assertThat(CacheStatus.of("weir; fwd=miss; stored")).isEqualTo(CacheStatus.MISS);
    assertThat(CacheStatus.of("other")).isEqualTo(CacheStatus.UNKNOWN);
    assertThat(CacheStatus.of(null)).isEqualTo(CacheStatus.UNKNOWN);
  }

  @Test
  void backOffDoublesUpToItsLongestWait() {
    Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofMillis(30), bound -> bound - 1);
    assertThat(backoff.nextNanos()).isEqualTo(9_999_999);
    assertThat(backoff.nextNanos()).isEqualTo(19_999_999);
    assertThat(backoff.nextNanos()).isEqualTo(29_999_999);
    assertThat(backoff.nextNanos()).isEqualTo(29_999_999);
    Backoff low = new Backoff(Duration.ofMillis(10), Duration.ofMillis(30), bound -> 0);
    assertThat(low.nextNanos()).isEqualTo(5_000_000);
  }
}
