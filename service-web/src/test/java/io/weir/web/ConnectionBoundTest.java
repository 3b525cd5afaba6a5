package io.weir.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.mock.env.MockEnvironment;

class ConnectionBoundTest {

  private static final long MIB = 1 << 20;
  private static final int TOMCATS_OWN = 8192;

  @Test
  void theyTakeAnEighthOfTheHeap() {
    assertThat(ConnectionBound.within(512 * MIB, OtherConnections.NONE)).isEqualTo(3276);
    assertThat(ConnectionBound.within(1024 * MIB, OtherConnections.NONE)).isEqualTo(6553);
  }

  @Test
  void thoseOfAnotherPortTakeTheirPartOfIt() {
    assertThat(ConnectionBound.within(512 * MIB, new OtherConnections(32 * MIB))).isEqualTo(1638);
    assertThat(ConnectionBound.within(64 * MIB, new OtherConnections(8 * MIB))).isEqualTo(1);
  }

  @Test
  void aLargeHeapHoldsTwentyThousand() {
    assertThat(ConnectionBound.within(16 * 1024 * MIB, OtherConnections.NONE)).isEqualTo(20_000);
  }

  @Test
  void theHeapBoundsThemUnlessASettingDoes() {
    assertThat(bound(new MockEnvironment()))
        .isEqualTo(ConnectionBound.within(Runtime.getRuntime().maxMemory(), OtherConnections.NONE));
    assertThat(bound(new MockEnvironment().withProperty("server.tomcat.maxConnections", "77")))
        .isEqualTo(TOMCATS_OWN);
  }

  /** The bound that a server gets; what Tomcat has by itself where nothing is set here. */
  private static int bound(MockEnvironment environment) {
    TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
    new ConnectionBound(environment, OtherConnections.NONE).customize(factory);
    Connector connector = new Connector();
    factory.getConnectorCustomizers().forEach(customizer -> customizer.customize(connector));
    return ((AbstractProtocol<?>) connector.getProtocolHandler()).getMaxConnections();
  }
}
