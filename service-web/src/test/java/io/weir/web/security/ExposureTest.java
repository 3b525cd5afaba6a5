package io.weir.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.web.StartupRefusedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

class ExposureTest {

  private final ServerProperties server = new ServerProperties();

  @Test
  void withoutTokensAServerIsOnLoopback() {
    Exposure exposure = exposure(false, false, null);
    assertThat(exposure.isLoopbackOnly()).isTrue();
    assertThat(exposure.listenAddress()).isEqualTo(InetAddress.getLoopbackAddress());
    assertThat(exposure.url(7401)).hasToString("http://127.0.0.1:7401");
  }

  @Test
  void anotherLoopbackAddressMayBeChosen() throws UnknownHostException {
    server.setAddress(InetAddress.getByName("127.0.0.2"));
    assertThat(exposure(false, false, null).listenAddress()).hasToString("/127.0.0.2");
    server.setAddress(InetAddress.getByName("::1"));
    assertThat(exposure(false, false, null).url(1)).hasToString("http://[0:0:0:0:0:0:0:1]:1");
  }

  @Test
  void withTokensItIsWhereTheSettingsSay() throws UnknownHostException {
    assertThat(exposure(true, false, null).listenAddress()).isNull();
    server.setAddress(InetAddress.getByName("0.0.0.0"));
    Exposure everywhere = exposure(true, false, null);
    assertThat(everywhere.listenAddress()).isEqualTo(server.getAddress());
    assertThat(everywhere.url(7401).getHost()).isNotEqualTo("0.0.0.0");
    server.setAddress(InetAddress.getByName("192.0.2.1"));
    assertThat(exposure(true, true, null).url(7401)).hasToString("http://192.0.2.1:7401");
  }

  @Test
  void aHostWhoseNameIsLoopbackIsReachedByItsOnlyOtherAddress() throws UnknownHostException {
    InetAddress named = InetAddress.getByName("127.0.1.1");
    InetAddress own = InetAddress.getByName("192.0.2.7");
    InetAddress ipv6 = InetAddress.getByName("2001:db8::7");
    InetAddress bridge = InetAddress.getByName("172.17.0.1");
    assertThat(Exposure.reachable(own, List.of(own, bridge))).isEqualTo(own);
    assertThat(Exposure.reachable(named, List.of(own))).isEqualTo(own);
    assertThat(Exposure.reachable(named, List.of(ipv6, own))).isEqualTo(own);
    assertThat(Exposure.reachable(named, List.of(ipv6))).isEqualTo(ipv6);
    assertThat(Exposure.reachable(named, List.of())).isEqualTo(named);
    assertThatThrownBy(() -> Exposure.reachable(named, List.of(own, bridge)))
        .isInstanceOf(StartupRefusedException.class)
        .hasMessageContainingAll("127.0.1.1", "192.0.2.7, 172.17.0.1", "weir.advertise.url");
  }

  @Test
  void aServerWithCertificatesCallsItselfByHttps() {
    Ssl ssl = new Ssl();
    ssl.setBundle("server");
    server.setSsl(ssl);
    assertThat(exposure(false, false, null).url(7401)).hasToString("https://127.0.0.1:7401");
  }

  @Test
  void otherAddressesAreRefusedWithoutTokens() throws UnknownHostException {
    InetAddress everywhere = InetAddress.getByName("0.0.0.0");
    assertThatThrownBy(() -> exposure(false, true, everywhere))
        .isInstanceOf(StartupRefusedException.class)
        .hasMessageStartingWith("management.server.address is 0.0.0.0, which other machines reach");
    assertThatThrownBy(() -> exposure(false, true, null))
        .hasMessageStartingWith("management.server.port is set, and no tokens are");
    server.setAddress(everywhere);
    assertThatThrownBy(() -> exposure(false, false, null))
        .hasMessageStartingWith("server.address is 0.0.0.0, which other machines reach")
        .hasMessageContaining("weir.security.tokens-file");
  }

  private Exposure exposure(boolean tokens, boolean management, @Nullable InetAddress address) {
    return new Exposure(tokens, server, new Exposure.ManagementAddress(management, address));
  }
}
