package io.weir.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void aTakenPortIsNamedWithWhoWantsIt() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ProcessSpec master = listeningOn(taken.getLocalPort());
      assertThat(Ports.firstTaken(List.of(master)))
          .hasValueSatisfying(sentence ->
              assertThat(sentence)
                  .startsWith("port " + taken.getLocalPort() + ", which master is to listen on")
                  .contains("--port"));
    }
  }

  @Test
  void aFreePortIsNotComplainedAbout() {
    int port = FreePorts.first(1);
    assertThat(Ports.firstTaken(List.of(listeningOn(port)))).isEmpty();
  }

  private static ProcessSpec listeningOn(int port) {
    return new ProcessSpec(
        Role.MASTER,
        "master",
        "master",
        "http://127.0.0.1:" + port,
        port,
        null,
        null,
        List.of(Path.of("java").toString()),
        Map.of(),
        Duration.ofSeconds(1));
  }
}
