package io.weir.cache.fast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.web.StartupRefusedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FastSettingsTest {

  @Test
  void thePortIsTwoThousandAboveTheHttpPort() {
    assertThat(port(null, 7401)).isEqualTo(9401);
    assertThat(port(null, 0)).isEqualTo(0);
    assertThat(port("9555", 7401)).isEqualTo(9555);
    assertThat(port("0", 7401)).isEqualTo(0);
    assertThatThrownBy(() -> port(null, 64_000))
        .isInstanceOf(StartupRefusedException.class)
        .hasMessage(
            "server.port is 64000, so that weir.fast.port, 2000 above it by default, must be set");
  }

  @Test
  void whatKubernetesSetsForAServiceIsNoPort(CapturedOutput output) {
    assertThat(port("tcp://10.0.0.1:9402", 7401)).isEqualTo(9401);
    assertThat(output.getAll())
        .contains("weir.fast.port is 'tcp://10.0.0.1:9402', which Kubernetes sets for a Service");
  }

  @ParameterizedTest
  @ValueSource(strings = {"65536", "-1", "http", "", "123456"})
  void aPortIsANumber(String port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(port, null))
        .withMessage("weir.fast.port is '" + port + "', it must be 0 to 65535");
  }

  @Test
  void thereIsAConnectionAtLeast() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> settings(null, 0))
        .withMessage("weir.fast.max-connections is 0, it must be 1 to 1000000");
  }

  private static int port(@Nullable String given, int http) {
    return settings(given, null).portFor(http);
  }

  private static FastSettings settings(@Nullable String port, @Nullable Integer connections) {
    return new FastSettings(true, port, connections, 10_000, false);
  }
}
