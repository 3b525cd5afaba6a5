package io.weir.web.security;

import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** Binds the HTTP port to loopback where there are no tokens, and says so. */
final class LoopbackBinding implements WebServerFactoryCustomizer<ConfigurableWebServerFactory> {

  private static final Logger LOG = LoggerFactory.getLogger(LoopbackBinding.class);

  private final Exposure exposure;

  LoopbackBinding(Exposure exposure) {
    this.exposure = exposure;
  }

  @Override
  public void customize(ConfigurableWebServerFactory factory) {
    if (exposure.isLoopbackOnly()) {
      InetAddress address = exposure.listenAddress();
      factory.setAddress(address);
      LOG.info(
          "no tokens are set: listening on {} only, and whoever reaches it may do everything;"
              + " weir.security.tokens-file lets others in",
          address == null ? "loopback" : address.getHostAddress());
    }
  }
}
