package io.weir.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.FreePorts;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void allTakenPortsAreNamedWithWhoWantsThem() throws Exception {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Listener free = new Listener(FreePorts.first(1), "cache-1");
      Listener master = new Listener(one.getLocalPort(), "master");
      Listener journal = new Listener(other.getLocalPort(), "cache-1's journal");
      assertThat(Ports.taken(List.of(master, free, journal)))
          .hasValue(
              "taken: port "
                  + master.port()
                  + " (of master), port "
                  + journal.port()
                  + " (of cache-1's journal); stop what listens there, or choose other ports with"
                  + " --port");
    }
  }

  @Test
  void aFreePortIsNotComplainedAbout() {
    assertThat(Ports.taken(List.of(new Listener(FreePorts.first(1), "master")))).isEmpty();
  }
}
