package io.weir.cache.fast;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.cache.door.KvDoor;
import io.weir.cache.web.LeastRate;
import io.weir.cache.web.RequestBudget;
import io.weir.web.OtherConnections;
import io.weir.web.StopPhase;
import io.weir.web.metrics.RequestMeters;
import io.weir.web.security.Exposure;
import io.weir.web.security.KeyGate;
import io.weir.web.security.TlsContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Puts the doors on the fast port, where there is one. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FastSettings.class)
public class FastConfiguration {

  private static final String ENABLED = "weir.fast.enabled";

  @Bean
  @ConditionalOnProperty(name = ENABLED, havingValue = "true")
  OtherConnections fastConnections(FastSettings settings) {
    return new OtherConnections(
        Math.min(
            settings.mostConnections() * FastSettings.CONNECTION_BYTES,
            FastSettings.heapForConnections()));
  }

  @Bean
  @ConditionalOnProperty(name = ENABLED, havingValue = "true")
  FastPort fastPort(
      FastSettings settings,
      @Value("${server.port:0}") int httpPort,
      @Value("${server.tomcat.connection-timeout:10s}") Duration silence,
      @Value("${server.tomcat.keep-alive-timeout:60s}") Duration keepAlive,
      Exposure exposure,
      ServerProperties server,
      SslBundles bundles,
      KvDoor keys,
      KeyGate gate,
      RequestBudget budget,
      LeastRate leastRate,
      ObjectProvider<RedisHandlers> redis,
      MeterRegistry registry,
      Environment environment) {
    Timeouts timeouts = new Timeouts(silence, keepAlive);
    HttpDoor http =
        new HttpDoor(
            keys,
            gate,
            budget,
            leastRate,
            new RequestMeters(registry),
            timeouts,
            () -> environment.getProperty("local.server.port", Integer.class, httpPort));
    return new FastPort(
        listen(exposure, settings.portFor(httpPort)),
        tls(server.getSsl(), bundles),
        new Sniffer.Protocols(
            loop -> new HttpConnection(loop, http), redis.getIfAvailable(() -> NoRedis::new)),
        timeouts,
        settings.mostConnections(),
        new PortMeters(),
        registry);
  }

  @Bean
  @ConditionalOnProperty(name = ENABLED, havingValue = "true")
  StopPhase fastPortClosePhase(FastPort port) {
    return new StopPhase(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE, port::stop);
  }

  private static InetSocketAddress listen(Exposure exposure, int port) {
    InetAddress address = exposure.listenAddress();
    return address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port);
  }

  private static @Nullable PortTls tls(@Nullable Ssl ssl, SslBundles bundles) {
    if (ssl == null || !Ssl.isEnabled(ssl)) {
      return null;
    }
    SslBundle bundle = WebServerSslBundle.get(ssl, bundles);
    String name = ssl.getBundle();
    if (name != null) {
      return PortTls.of(TlsContext.of(bundles, "server.ssl.bundle", name), bundle, ssl);
    }
    SSLContext context = bundle.createSslContext();
    Supplier<SSLContext> unchanging = () -> context;
    return PortTls.of(unchanging, bundle, ssl);
  }
}
