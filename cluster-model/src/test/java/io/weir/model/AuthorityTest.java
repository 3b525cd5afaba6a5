package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {

  @ParameterizedTest
  @CsvSource({
    "http://cache-1:7401, cache-1, 7401",
    "http://cache_1:7401, cache_1, 7401",
    "http://cache_1.some_net/kv, cache_1.some_net, -1",
    "https://10.0.0.5, 10.0.0.5, -1",
    "http://[fd00::5]:7401/x, fd00::5, 7401",
  })
  void hostAndPortAreRead(String url, String host, int port) {
    assertThat(Authority.of(URI.create(url))).isEqualTo(new Authority(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http:/kv",
        "mailto:a",
        "http://user@cache_1:7401",
        "http://cache_1:70000",
        "http://cache_1:0",
        "http://a_b:x",
        "http://a%5Fb:1"
      })
  void whatHasNoHostHasNone(String url) {
    assertThat(Authority.of(URI.create(url))).isNull();
  }

  @Test
  void onlyTheMachineItselfReachesLoopback() {
    for (String host : new String[] {"localhost", "a.LOCALHOST", "127.0.1.1", "::1"}) {
      assertThat(new Authority(host, 1).isLoopback()).as(host).isTrue();
    }
    for (String host : new String[] {"cache_1", "10.0.0.1", "fd00::5", "localhost.example"}) {
      assertThat(new Authority(host, 1).isLoopback()).as(host).isFalse();
    }
  }
}
