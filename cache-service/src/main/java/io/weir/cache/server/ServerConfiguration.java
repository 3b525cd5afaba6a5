package io.weir.cache.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.weir.cache.door.DoorSettings;
import io.weir.cache.door.KvDoor;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineSettings;
import io.weir.cache.engine.Ticker;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.raft.LinkCipher;
import io.weir.cache.journal.raft.RaftJournal;
import io.weir.cache.journal.raft.RaftSettings;
import io.weir.cache.journal.raft.TlsLinks;
import io.weir.cache.membership.MasterAccessSettings;
import io.weir.cache.membership.MasterClient;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.StoreConfiguration;
import io.weir.cache.web.BatchSettings;
import io.weir.cache.web.RequestBudget;
import io.weir.cache.web.RequestSettings;
import io.weir.cache.web.WebConfiguration;
import io.weir.cache.writeback.FlushSettings;
import io.weir.model.NodeId;
import io.weir.model.TokenFile;
import io.weir.web.StartupRefusedException;
import io.weir.web.security.Exposure;
import io.weir.web.security.TlsContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the server's parts together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  ServerSettings.class,
  CacheSettings.class,
  WriteBackSettings.class,
  ReadThroughSettings.class,
  TtlSettings.class,
  GroupSettings.class,
  MasterAccessSettings.class
})
@Import({
  StoreConfiguration.class,
  WebConfiguration.class,
  ShardLifecycle.class,
  ShardLifecycle.HandOverPhase.class,
  ShardHealth.class,
  WriteBackEndpoint.class,
  QuarantineEndpoint.class,
  EntriesEndpoint.class,
  DrainEndpoint.class,
  RaftEndpoint.class
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
      ServerSettings server,
      CacheSettings cache,
      WriteBackSettings writeBack,
      ReadThroughSettings readThrough) {
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
        readThrough.maxInFlight(),
        readThrough.maxWait(),
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
            server.maxValueSize().toIntExact(),
            Math.toIntExact(server.retryAfter().toSeconds()),
            server.durability());
    return new KvDoor(engine, topology, settings, clock);
  }

  @Bean
  RequestBudget requestBudget(
      RequestSettings requests, ServerSettings server, BatchSettings batches) {
    return requests.budget(server.maxValueSize(), batches.maxSize());
  }

  @Bean
  MasterClient masterClient(MasterAccessSettings settings, SslBundles bundles) {
    String bundle = settings.ssl().bundle();
    return new MasterClient(
        settings,
        token(settings),
        bundle == null ? null : TlsContext.of(bundles, "weir.master.ssl.bundle", bundle));
  }

  private static @Nullable TokenFile token(MasterAccessSettings settings) {
    try {
      return settings.tokenFile() == null ? null : TokenFile.open(settings.tokenFile());
    } catch (IllegalArgumentException e) {
      throw new StartupRefusedException("weir.master.token-file: " + e.getMessage(), e);
    }
  }

  @Bean
  ServerMetrics serverMetrics(
      CacheEngine engine,
      TopologyView topology,
      RequestBudget requests,
      MeterRegistry registry,
      Ticker ticker) {
    return new ServerMetrics(engine, topology, requests, registry, ticker);
  }

  @Bean
  ProcessExit processExit() {
    return System::exit;
  }

  @Bean
  JournalFactory journalFactory(
      GroupSettings group,
      Exposure exposure,
      SslBundles bundles,
      @Value("${server.port}") int port,
      @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    InetSocketAddress listen = raftListen(group, exposure, raftPort(group, port));
    String bundle = group.ssl().bundle();
    LinkCipher cipher =
        bundle == null
            ? LinkCipher.NONE
            : new TlsLinks(TlsContext.of(bundles, "weir.raft.ssl.bundle", bundle));
    return (place, stateMachine, listener) -> {
      RaftSettings settings =
          RaftSettings.of(place.group(), journal(group, dataDirectory), listen, place.secret())
              .withElectionTimeout(group.electionTimeout())
              .withCipher(cipher);
      RaftJournal journal = new RaftJournal(settings, place.directory(), stateMachine, listener);
      return new JournalFactory.Unstarted(journal, () -> journal.start(place.beginning()));
    };
  }

  private static InetSocketAddress raftListen(GroupSettings group, Exposure exposure, int port) {
    if (group.address() != null) {
      return new InetSocketAddress(group.address(), port);
    }
    return exposure.isLoopbackOnly()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
        : new InetSocketAddress(port);
  }

  @Bean
  Founding founding(
      ServerSettings server,
      GroupSettings group,
      Exposure exposure,
      ShardRegistry registry,
      @Value("${server.port}") int port,
      @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    return new Founding(
        journal(group, dataDirectory),
        raftAddress(server, group, exposure, port),
        node(server, port),
        group.acceptLossOfGeneration(),
        registry);
  }

  @Bean
  ShardServer shardServer(
      ServerSettings server,
      GroupSettings group,
      WriteBackSettings writeBack,
      EngineSettings engineSettings,
      TtlSettings ttl,
      CacheEngine engine,
      BackingStore store,
      ShardRegistry registry,
      Founding founding,
      JournalFactory journals,
      MasterClient masters,
      TopologyView topology,
      ServerMetrics metrics,
      Clock clock,
      Ticker ticker,
      ProcessExit exit,
      Exposure exposure,
      @Value("${server.port}") int port) {
    FlushSettings flush =
        new FlushSettings(
            writeBack.maxAge(),
            engineSettings.lowWatermarkBytes(),
            writeBack.batchEntries(),
            Math.min(writeBack.batchSize().bytes(), engineSettings.maxDirtyBytes() / 2),
            writeBack.minRetryDelay(),
            writeBack.maxRetryDelay());
    ThisServer self =
        new ThisServer(
            node(server, port),
            url(server, exposure, port),
            server.advertise().externalUrl(),
            metrics::figures);
    ShardServer shardServer =
        new ShardServer(
            self,
            registry,
            founding,
            masters,
            topology,
            new Stewardship.Parts(engine, store, flush, ttl, metrics, clock, ticker),
            new GroupParts(
                journals,
                group.electionTimeout().multipliedBy(2),
                group.forgetAfter(),
                metrics.appends()),
            writeBack.drainTimeout(),
            exit);
    metrics.bind(shardServer);
    return shardServer;
  }

  @Bean
  Drain drain(ShardServer server, CacheEngine engine) {
    return new Drain(server, engine);
  }

  private static Path journal(GroupSettings group, String dataDirectory) {
    Path given = group.directory();
    return given != null ? given : Path.of(dataDirectory, "journal");
  }

  private static int raftPort(GroupSettings group, int port) {
    try {
      return group.portFor(port);
    } catch (IllegalArgumentException e) {
      throw new StartupRefusedException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Member raftAddress(
      ServerSettings server, GroupSettings group, Exposure exposure, int port) {
    String given = server.advertise().raft();
    String host = given == null ? url(server, exposure, port).getHost() : given.split(":", 2)[0];
    int raftPort = given == null ? raftPort(group, port) : Integer.parseInt(given.split(":", 2)[1]);
    try {
      return new Member(host, raftPort, 1);
    } catch (IllegalArgumentException e) {
      throw new StartupRefusedException(
          "weir.advertise.raft, or by default the host of weir.advertise.url and weir.raft.port: "
              + e.getMessage(),
          e);
    }
  }

  private static NodeId node(ServerSettings settings, int port) {
    String given = settings.nodeId();
    try {
      return new NodeId(given != null ? given : hostName() + "-" + port);
    } catch (IllegalArgumentException e) {
      throw new StartupRefusedException(
          "weir.node-id is not set, and host name and port make none: " + e.getMessage(), e);
    }
  }

  private static URI url(ServerSettings settings, Exposure exposure, int port) {
    URI url = settings.advertise().url();
    if (url == null && port == 0) {
      throw new StartupRefusedException(
          "server.port is 0, any free one, so that nobody could be told it: set a port, or"
              + " weir.advertise.url");
    }
    return url != null ? url : exposure.url(port);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return InetAddress.getLoopbackAddress().getHostName();
    }
  }
}
