package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.membership.FastAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FastUrlsTest {

  private static final ServerSettings.Advertise NOTHING =
      new ServerSettings.Advertise(null, null, null, null, null);
  private static final ServerSettings.Advertise BOTH =
      new ServerSettings.Advertise(
          null, null, URI.create("https://fast:1"), URI.create("http://outside:2"), null);

  private record Port(int port, boolean isEncrypted) implements FastAddress {}

  @ParameterizedTest
  @CsvSource({
    "http://cache-1:7401, false, http://cache-1:9401",
    "https://cache-1, true, https://cache-1:9401",
    "https://proxy.example:7401, false, http://proxy.example:9401",
    "http://cache_1:7401, false, http://cache_1:9401",
    "http://[fd00::5]:7401, false, http://[fd00::5]:9401",
  })
  void thePortIsAtTheHostOfTheUrlInTheSchemeThatItSpeaks(URI url, boolean encrypted, URI expected) {
    assertThat(FastUrls.of(NOTHING, url, new Port(9401, encrypted)))
        .isEqualTo(new FastUrls(expected, null));
  }

  @Test
  void whatTheSettingsSayCounts() {
    assertThat(FastUrls.of(BOTH, URI.create("http://cache-1:7401"), new Port(9401, false)))
        .isEqualTo(new FastUrls(URI.create("https://fast:1"), URI.create("http://outside:2")));
  }

  @Test
  void whileNoPortIsBoundNobodyIsToldOfOne() {
    assertThat(FastUrls.of(BOTH, URI.create("http://cache-1:7401"), new Port(0, false)))
        .isEqualTo(FastUrls.NONE);
  }
}
