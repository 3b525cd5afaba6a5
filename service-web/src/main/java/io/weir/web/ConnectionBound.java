package io.weir.web;

import org.apache.coyote.AbstractProtocol;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * As many connections as the heap holds, where {@code server.tomcat.max-connections} does not say
 * how many: who opens them all, and begins a request on each that never ends, takes an eighth of
 * the heap, with those of {@link OtherConnections}. Further ones wait in the kernel, as Tomcat does
 * it.
 *
 * <p>It comes after Spring's own customizer, which sets a number whether it is asked for or not.
 */
final class ConnectionBound
    implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

  private static final String SETTING = "server.tomcat.max-connections";

  /** What a connection keeps on the heap whose request has begun; measured. */
  private static final long CONNECTION_BYTES = 20 << 10;

  private static final int PART_OF_THE_HEAP = 8;

  private static final int MOST = 20_000;

  private final Environment environment;
  private final OtherConnections others;

  ConnectionBound(Environment environment, OtherConnections others) {
    this.environment = environment;
    this.others = others;
  }

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    if (!Binder.get(environment).bind(SETTING, Integer.class).isBound()) {
      int bound = within(Runtime.getRuntime().maxMemory(), others);
      factory.addConnectorCustomizers(connector -> {
        if (connector.getProtocolHandler() instanceof AbstractProtocol<?> protocol) {
          protocol.setMaxConnections(bound);
        }
      });
    }
  }

  /** Most connections where the heap may grow to so many bytes, beside those of other ports. */
  static int within(long heapBytes, OtherConnections others) {
    long room = heapBytes / PART_OF_THE_HEAP - others.heapBytes();
    return Math.clamp(room / CONNECTION_BYTES, 1, MOST);
  }
}
