package io.weir.cache.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.cache.door.DoorSettings;
import io.weir.cache.door.KvDoor;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineSettings;
import io.weir.cache.engine.Ticker;
import io.weir.cache.membership.MasterClient;
import io.weir.cache.membership.MasterSettings;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.StoreConfiguration;
import io.weir.cache.web.WebConfiguration;
import io.weir.cache.writeback.FlushSettings;
import io.weir.model.NodeId;
import io.weir.web.StartupRefusedException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the server's parts together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  ServerSettings.class,
  CacheSettings.class,
  WriteBackSettings.class,
  LoadSettings.class,
  TtlSettings.class,
  MasterSettings.class
})
@Import({
  StoreConfiguration.class,
  WebConfiguration.class,
  ShardLifecycle.class,
  ShardHealth.class,
  WriteBackEndpoint.class
})
class ServerConfiguration {

  private static final int VALUES_THAT_FIT = 2;

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  Ticker ticker() {
    return Ticker.system();
  }

  @Bean
  EngineSettings engineSettings(
      ServerSettings server, CacheSettings cache, WriteBackSettings writeBack, LoadSettings loads) {
    long maxBytes = cache.maxBytes().bytes();
    long maxDirtyBytes = (long) (maxBytes * writeBack.highWatermark());
    if (maxDirtyBytes < VALUES_THAT_FIT * server.maxValueSize().bytes()) {
      throw new StartupRefusedException(
          "weir.max-value-size is "
              + server.maxValueSize()
              + ", it must be at most half of what may be dirty, which is "
              + maxDirtyBytes
              + " bytes: weir.cache.max-bytes, "
              + cache.maxBytes()
              + ", times weir.write-back.high-watermark, "
              + writeBack.highWatermark());
    }
    return new EngineSettings(
        maxBytes,
        cache.maxEntries() == 0 ? Long.MAX_VALUE : cache.maxEntries(),
        cache.stripes(),
        maxDirtyBytes,
        (long) (maxBytes * writeBack.lowWatermark()),
        (long) (maxBytes * writeBack.quarantineShare()),
        writeBack.maxWait(),
        writeBack.maxWaiting(),
        loads.maxInFlight(),
        loads.maxWait(),
        server.maxKeyWait());
  }

  @Bean
  CacheEngine cacheEngine(EngineSettings settings, BackingStore store, Clock clock, Ticker ticker) {
    return new CacheEngine(settings, store, clock, ticker);
  }

  @Bean
  TopologyView topologyView() {
    return new TopologyView();
  }

  @Bean
  KvDoor kvDoor(CacheEngine engine, TopologyView topology, ServerSettings server, Clock clock) {
    DoorSettings settings =
        new DoorSettings(
            server.maxValueSize().toIntExact(), Math.toIntExact(server.retryAfter().toSeconds()));
    return new KvDoor(engine, topology, settings, clock);
  }

  @Bean
  MasterClient masterClient(MasterSettings settings) {
    return new MasterClient(settings);
  }

  @Bean
  ServerMetrics serverMetrics(CacheEngine engine, TopologyView topology, MeterRegistry registry) {
    return new ServerMetrics(engine, topology, registry);
  }

  @Bean
  ProcessExit processExit() {
    return System::exit;
  }

  @Bean
  ShardServer shardServer(
      ServerSettings server,
      WriteBackSettings writeBack,
      EngineSettings engineSettings,
      TtlSettings ttl,
      CacheEngine engine,
      BackingStore store,
      ShardRegistry registry,
      MasterClient masters,
      TopologyView topology,
      ServerMetrics metrics,
      Clock clock,
      Ticker ticker,
      ProcessExit exit,
      @Value("${server.port}") int port) {
    FlushSettings flush =
        new FlushSettings(
            writeBack.maxAge(),
            engineSettings.lowWatermarkBytes(),
            writeBack.batchEntries(),
            Math.min(writeBack.batchSize().bytes(), engineSettings.maxDirtyBytes() / 2),
            writeBack.minRetryDelay(),
            writeBack.maxRetryDelay());
    Self self =
        new Self(
            node(server, port),
            url(server, port),
            server.advertise().externalUrl(),
            metrics::loadFigures);
    ShardServer shardServer =
        new ShardServer(
            self,
            registry,
            masters,
            topology,
            new Stewardship.Parts(engine, store, flush, ttl, metrics, clock, ticker),
            writeBack.drainTimeout(),
            exit);
    metrics.bind(shardServer);
    return shardServer;
  }

  private static NodeId node(ServerSettings settings, int port) {
    String given = settings.nodeId();
    try {
      return new NodeId(given != null ? given : localHost().getHostName() + "-" + port);
    } catch (IllegalArgumentException e) {
      throw new StartupRefusedException(
          "weir.node-id is not set, and host name and port make none: " + e.getMessage(), e);
    }
  }

  private static URI url(ServerSettings settings, int port) {
    URI url = settings.advertise().url();
    if (url == null && port == 0) {
      throw new StartupRefusedException(
          "server.port is 0, any free one, so that nobody could be told it: set a port, or"
              + " weir.advertise.url");
    }
    return url != null ? url : URI.create("http://" + localHost().getHostAddress() + ":" + port);
  }

  private static InetAddress localHost() {
    try {
      return InetAddress.getLocalHost();
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress();
    }
  }
}
