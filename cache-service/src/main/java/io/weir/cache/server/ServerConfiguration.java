package io.weir.cache.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.weir.cache.door.DoorSettings;
import io.weir.cache.door.KvDoor;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineSettings;
import io.weir.cache.engine.Ticker;
import io.weir.cache.fast.FastConfiguration;
import io.weir.cache.journal.raft.LinkCipher;
import io.weir.cache.journal.raft.MemberProbe;
import io.weir.cache.journal.raft.NativeLibrary;
import io.weir.cache.journal.raft.RaftJournal;
import io.weir.cache.journal.raft.RaftSettings;
import io.weir.cache.journal.raft.TlsLinks;
import io.weir.cache.membership.MasterAccessSettings;
import io.weir.cache.membership.MasterClient;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.ShardDatabase;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.StoreConfiguration;
import io.weir.cache.web.BatchSettings;
import io.weir.cache.web.RequestBudget;
import io.weir.cache.web.RequestSettings;
import io.weir.cache.web.WebConfiguration;
import io.weir.cache.writeback.FlushSettings;
import io.weir.model.TokenFile;
import io.weir.web.DataDirectory;
import io.weir.web.StartupRefusedException;
import io.weir.web.StopPhase;
import io.weir.web.security.Exposure;
import io.weir.web.security.TlsContext;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Wires the server's parts together.
 *
 * <p><b>Length.</b> More than 400 lines, a list: each part of the server once, with what it needs.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  ServerSettings.class,
  CacheSettings.class,
  JournalSettings.class,
  WriteBackSettings.class,
  ReadThroughSettings.class,
  TtlSettings.class,
  WarmingSettings.class,
  GroupSettings.class,
  MasterAccessSettings.class
})
@Import({
  StoreConfiguration.class,
  WebConfiguration.class,
  FastConfiguration.class,
  RedisTopologyConfiguration.class,
  RedisConfiguration.class,
  ShardLifecycle.class,
  ShardHealth.class,
  WriteBackEndpoint.class,
  QuarantineEndpoint.class,
  EntriesEndpoint.class,
  DatabaseEndpoint.class,
  DrainEndpoint.class,
  RaftEndpoint.class,
  RescueEndpoint.class
})
class ServerConfiguration {

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
    HeapRoom room = HeapRoom.ofThisVm();
    room.requireTable(cache.maxBytes());
    room.requireValue(
        server.maxValueSize(),
        maxDirtyBytes,
        maxDirtyBytes
            + " bytes: weir.cache.max-bytes, "
            + cache.maxBytes()
            + ", times weir.write-back.high-watermark, "
            + writeBack.highWatermark());
    return new EngineSettings(
        maxBytes,
        cache.maxEntries() == 0 ? Long.MAX_VALUE : cache.maxEntries(),
        cache.stripesFor(server.maxValueSize()),
        cache.lock(),
        cache.policy(),
        maxDirtyBytes,
        (long) (maxBytes * writeBack.lowWatermark()),
        (long) (maxBytes * writeBack.quarantineShare()),
        writeBack.maxWait(),
        writeBack.maxWaiting(),
        readThrough.maxInFlight(),
        readThrough.maxWait(),
        server.maxKeyWait());
  }

  /** Above the web server's phases: while the leadership moves, requests are still answered. */
  @Bean
  StopPhase handOverPhase(ShardServer server) {
    return new StopPhase(Integer.MAX_VALUE, server::handOver);
  }

  @Bean(initMethod = "start")
  JournalDisk journalDisk(
      JournalSettings settings,
      GroupSettings group,
      CacheEngine engine,
      ShardServer server,
      @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    Path directory = journal(group, dataDirectory);
    return new JournalDisk(
        () -> JournalDisk.freeBytes(directory),
        settings.minFreeSpace(),
        engine,
        () -> {
          ShardGroup known = server.group();
          if (known != null) {
            known.journal().shorten();
          }
        });
  }

  @Bean
  MeterBinder journalDiskMeters(JournalDisk disk, CacheEngine engine) {
    return registry -> {
      Gauge.builder("weir.journal.disk.free", disk, JournalDisk::free)
          .description("Free space of the disk that the journal is on")
          .baseUnit("bytes")
          .register(registry);
      Gauge.builder("weir.journal.full", engine, of -> of.isJournalFull() ? 1 : 0)
          .description("1 while writes are refused, since the journal's disk is nearly full")
          .register(registry);
    };
  }

  @Bean
  DatabaseAgreement databaseAgreement(Ticker ticker) {
    return new DatabaseAgreement(ticker::nanos);
  }

  @Bean
  ReignGate reignGate(DatabaseAgreement agreement) {
    return new ReignGate(agreement);
  }

  @Bean
  CacheEngine cacheEngine(
      EngineSettings settings, BackingStore store, ReignGate gate, Clock clock, Ticker ticker) {
    return new CacheEngine(settings, gate.over(store), clock, ticker);
  }

  @Bean
  GroupMemory groupMemory(
      GroupSettings group, @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    DataDirectory.warnIfOpen(journal(group, dataDirectory));
    return new GroupMemory(journal(group, dataDirectory));
  }

  @Bean
  TopologyView topologyView(GroupMemory memory) {
    return new TopologyView(memory::remember);
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
    return requests.budget(server.maxValueSize(), batches);
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
  MeterBinder storeMeters(ShardDatabase database) {
    return registry ->
        FunctionCounter.builder("weir.rows.unreadable", database, ShardDatabase::unreadableRows)
            .description(
                "Rows passed over, since their key is none of Weir's or their value too large")
            .register(registry);
  }

  @Bean
  MeterBinder databaseMeters(DatabaseAgreement agreement) {
    return registry ->
        Gauge.builder("weir.database.differs", agreement, of -> of.differs() ? 1 : 0)
            .description("1 while this replica sees another database server than its leader")
            .register(registry);
  }

  @Bean
  ProcessExit processExit() {
    return System::exit;
  }

  @Bean
  Addresses addresses(
      ServerSettings server,
      GroupSettings group,
      Exposure exposure,
      @Value("${server.port}") int port) {
    return new Addresses(server, group, exposure, port);
  }

  @Bean
  LinkCipher linkCipher(GroupSettings group, SslBundles bundles) {
    String bundle = group.ssl().bundle();
    return bundle == null
        ? LinkCipher.NONE
        : new TlsLinks(TlsContext.of(bundles, "weir.raft.ssl.bundle", bundle));
  }

  @Bean
  JournalFactory journalFactory(
      GroupSettings group,
      Addresses addresses,
      LinkCipher cipher,
      @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    NativeLibrary.unpackIfNeeded(journal(group, dataDirectory), Path.of(dataDirectory, "native"));
    InetSocketAddress listen = addresses.journalListen();
    return (place, stateMachine, listener) -> {
      RaftSettings settings =
          RaftSettings.of(place.group(), journal(group, dataDirectory), listen, place.secret())
              .withElectionTimeout(group.electionTimeout())
              .withCipher(cipher);
      RaftJournal journal = new RaftJournal(settings, place.directory(), stateMachine, listener);
      return new JournalFactory.Unstarted(journal, () -> journal.start(place.beginning()));
    };
  }

  @Bean
  MemberProbe memberProbe(Addresses addresses, LinkCipher cipher) {
    return new MemberProbe(addresses.journalListen().getAddress(), cipher);
  }

  @Bean
  Founding founding(
      GroupSettings group,
      Addresses addresses,
      ShardRegistry registry,
      MemberProbe probe,
      @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    return new Founding(
        journal(group, dataDirectory),
        addresses.journal(),
        addresses.node(),
        group.acceptLossOfGeneration(),
        group.former(),
        registry,
        probe::answers);
  }

  @Bean
  FlushSettings flushSettings(WriteBackSettings writeBack, EngineSettings engine) {
    return new FlushSettings(
        writeBack.maxAge(),
        engine.lowWatermarkBytes(),
        writeBack.batchEntries(),
        Math.min(writeBack.batchSize().bytes(), engine.maxDirtyBytes() / 2),
        writeBack.settle(),
        writeBack.minRetryDelay(),
        writeBack.maxRetryDelay());
  }

  @Bean
  LeaderTasks.Parts leaderTasksParts(
      CacheEngine engine,
      BackingStore store,
      ReignGate gate,
      ShardRegistry registry,
      FlushSettings flush,
      TtlSettings ttl,
      ServerMetrics metrics,
      Clock clock,
      Ticker ticker) {
    return new LeaderTasks.Parts(
        engine, gate.over(store), gate, registry, flush, ttl, metrics, clock, ticker);
  }

  @Bean
  JournalNoise journalNoise() {
    return JournalNoise.leaveOut();
  }

  @Bean
  ShardGroup.Parts shardGroupParts(
      JournalFactory journals, GroupSettings group, ServerMetrics metrics) {
    return new ShardGroup.Parts(
        journals,
        group.electionTimeout().multipliedBy(2),
        group.readLease(),
        group.forgetAfter(),
        group.members(),
        metrics.appends());
  }

  @Bean
  ThisServer thisServer(Addresses addresses, OwnFastUrls fastUrls, ServerMetrics metrics) {
    return new ThisServer(
        addresses.node(), addresses.url(), addresses.externalUrl(), fastUrls, metrics::figures);
  }

  @Bean
  DatabaseWatch databaseWatch(
      ThisServer self, DatabaseAgreement agreement, ShardRegistry registry, BackingStore store) {
    return new DatabaseWatch(self, agreement, registry, store);
  }

  @Bean
  ShardServer shardServer(
      ThisServer self,
      ShardRegistry registry,
      Founding founding,
      GroupMemory memory,
      MasterClient masters,
      TopologyView topology,
      LeaderTasks.Parts leaderTasks,
      ShardGroup.Parts groups,
      DatabaseWatch database,
      WriteBackSettings writeBack,
      ProcessExit exit,
      ServerMetrics metrics) {
    ShardServer shardServer =
        new ShardServer(
            self,
            registry,
            founding,
            memory,
            masters,
            topology,
            leaderTasks,
            groups,
            database,
            writeBack.drainTimeout(),
            exit);
    metrics.bind(shardServer);
    return shardServer;
  }

  @Bean(initMethod = "start")
  Warming warming(
      WarmingSettings settings,
      GroupSettings group,
      CacheEngine engine,
      ShardServer server,
      Ticker ticker,
      @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    return new Warming(
        settings,
        engine,
        new HotKeyFile(journal(group, dataDirectory)),
        () -> {
          ShardGroup known = server.group();
          return known == null ? null : new Warming.Entered(known);
        },
        ticker);
  }

  @Bean
  MeterBinder warmingMeters(Warming warming) {
    return registry ->
        Gauge.builder("weir.warming.keys", warming, Warming::listed)
            .description("Keys of the list that this server loads by, as it was last")
            .register(registry);
  }

  @Bean
  Drain drain(ShardServer server, CacheEngine engine) {
    return new Drain(server, engine);
  }

  @Bean
  Rescue rescue(
      GroupSettings group,
      Addresses addresses,
      ShardRegistry registry,
      GroupMemory memory,
      CacheEngine engine,
      MemberProbe probe,
      Clock clock,
      ShardServer server,
      @Value("${weir.data-dir:weir-data}") String dataDirectory) {
    return new Rescue(
        journal(group, dataDirectory),
        addresses.node(),
        registry,
        memory,
        engine,
        new OtherMembers(addresses.journal(), probe::answers),
        clock,
        server);
  }

  private static Path journal(GroupSettings group, String dataDirectory) {
    Path given = group.directory();
    return given != null ? given : Path.of(dataDirectory, "journal");
  }
}
