package io.weir.master.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weir.model.Key;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;

class KeyProbeTest {

  @Test
  void whereTlsIsInForceAnAddressWithoutIsSentNothing() throws IOException, InterruptedException {
    CacheAccessSettings settings = new CacheAccessSettings(null, null, Duration.ofSeconds(2));
    try (FakeCacheServer owner = FakeCacheServer.start();
        KeyProbe plain = new KeyProbe(settings, new DefaultSslBundleRegistry(), false);
        KeyProbe secure = new KeyProbe(settings, new DefaultSslBundleRegistry(), true)) {
      ListedServer listed =
          new ListedServer(
              new NodeId("cache-1"), URI.create("http://127.0.0.1:" + owner.port()), NodeState.UP);
      assertThatExceptionOfType(UnansweredException.class)
          .isThrownBy(() -> secure.ask(listed, Key.of("k")))
          .withMessageContaining("is not asked: TLS is in force here");
      assertThat(owner.requests()).isEmpty();
      assertThat(plain.ask(listed, Key.of("k")).found()).isFalse();
      assertThat(owner.requests()).hasSize(1);
    } catch (UnansweredException e) {
      throw new AssertionError(e);
    }
  }
}
