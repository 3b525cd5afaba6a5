package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.EvictionPolicy;
import io.weir.cache.engine.TableLock;
import io.weir.cache.membership.MasterAccessSettings;
import io.weir.cache.web.BatchSettings;
import io.weir.cache.web.RequestBudget;
import io.weir.cache.web.RequestSettings;
import io.weir.model.ByteSize;
import io.weir.model.Durability;
import io.weir.web.StartupRefusedException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every default and every rejection of the server's settings. */
class SettingsTest {

  @Test
  void theDefaults() {
    assertThat(bind("weir.cache", CacheSettings.class))
        .isEqualTo(
            new CacheSettings(
                ByteSize.ofMiB(256), 0, null, TableLock.OPTIMISTIC, EvictionPolicy.LRU));
    assertThat(bind("weir.write-back", WriteBackSettings.class))
        .isEqualTo(
            new WriteBackSettings(
                Duration.ofSeconds(5),
                0.25,
                0.5,
                0.05,
                1_000,
                ByteSize.ofMiB(4),
                Duration.ZERO,
                Duration.ofMillis(250),
                1_024,
                Duration.ofMillis(50),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60)));
    assertThat(bind("weir.loads", ReadThroughSettings.class))
        .isEqualTo(new ReadThroughSettings(16, Duration.ofSeconds(1)));
    assertThat(bind("weir.warming", WarmingSettings.class))
        .isEqualTo(new WarmingSettings(50_000, Duration.ofSeconds(10), 2_000));
    assertThat(bind("weir.ttl", TtlSettings.class))
        .isEqualTo(new TtlSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 500));
    assertThat(bind("weir", ServerSettings.class))
        .isEqualTo(
            new ServerSettings(
                null,
                new ServerSettings.Advertise(null, null, null, null, null),
                ByteSize.ofMiB(1),
                Durability.JOURNAL,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1)));
    assertThat(bind("weir.master", MasterAccessSettings.class))
        .isEqualTo(
            new MasterAccessSettings(
                List.of(URI.create("http://127.0.0.1:7400")),
                Duration.ofSeconds(5),
                null,
                new MasterAccessSettings.Ssl(null)));
    assertThat(bind("weir.batch", BatchSettings.class))
        .isEqualTo(new BatchSettings(1_000, ByteSize.ofMiB(16)));
  }

  @Test
  void aBudgetOfRequestsThatOneWouldNotFitIntoIsRefused() {
    BatchSettings batch = new BatchSettings(1_000, ByteSize.ofMiB(16));
    ByteSize value = ByteSize.ofMiB(1);
    RequestSettings none = bind("weir.requests", RequestSettings.class);
    assertThat(none).isEqualTo(requests(null));
    assertThat(none.budget(value, batch).maxBytes())
        .isGreaterThanOrEqualTo(ByteSize.ofMiB(16).bytes() * 4);
    assertThatThrownBy(() -> requests(ByteSize.ofMiB(64)).budget(value, batch))
        .isInstanceOf(StartupRefusedException.class)
        .hasMessage(
            "weir.requests.max-bytes-in-flight is 64MiB, it must be at least "
                + RequestBudget.least(value, batch.maxSize(), batch.maxOperations())
                + ": what the largest request takes, with weir.batch.max-size at 16MiB and"
                + " weir.max-value-size at 1MiB");
    ByteSize enough = ByteSize.ofMiB(80);
    assertThat(requests(enough).budget(value, batch).maxBytes()).isEqualTo(enough.bytes());
    assertRefused(
        "weir.requests",
        RequestSettings.class,
        "max-bytes-in-flight",
        "2TiB",
        "weir.requests.max-bytes-in-flight is 2TiB, it must be at most 1TiB");
    assertRefused(
        "weir.requests",
        RequestSettings.class,
        "grace",
        "10ms",
        "weir.requests.grace is 10ms, it must be 100ms to 24h");
  }

  private static RequestSettings requests(@Nullable ByteSize maxBytesInFlight) {
    return new RequestSettings(maxBytesInFlight, ByteSize.ofKiB(4), Duration.ofSeconds(10));
  }

  @Test
  void whatIsSetIsTaken() {
    ServerSettings server =
        Binding.bind(
            "weir",
            ServerSettings.class,
            Map.of(
                "weir.node-id", "cache-1",
                "weir.advertise.url", "http://cache-1:7401",
                "weir.advertise.external-url", "https://localhost:7401",
                "weir.advertise.fast-url", "http://cache-1:9401",
                "weir.advertise.external-fast-url", "https://localhost:9401",
                "weir.advertise.raft", "cache-1:8401",
                "weir.max-value-size", "32MiB"));
    assertThat(server.nodeId()).isEqualTo("cache-1");
    assertThat(server.advertise())
        .isEqualTo(
            new ServerSettings.Advertise(
                URI.create("http://cache-1:7401"),
                URI.create("https://localhost:7401"),
                URI.create("http://cache-1:9401"),
                URI.create("https://localhost:9401"),
                "cache-1:8401"));
    assertThat(server.maxValueSize()).isEqualTo(ByteSize.ofMiB(32));
    assertThat(
            Binding.bind(
                    "weir.master",
                    MasterAccessSettings.class,
                    Map.of("weir.master.urls", "http://a:1,https://b:2/"))
                .urls())
        .containsExactly(URI.create("http://a:1"), URI.create("https://b:2/"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-bytes|1023KiB|weir.cache.max-bytes is 1023KiB, it must be at least 1MiB",
        "max-entries|-1|weir.cache.max-entries is -1, it must be 0 (no bound) or more",
        "stripes|0|weir.cache.stripes is 0, it must be a power of two up to 16384",
        "stripes|48|weir.cache.stripes is 48, it must be a power of two up to 16384",
        "stripes|32768|weir.cache.stripes is 32768, it must be a power of two up to 16384",
      })
  void cacheSettingsThatCannotWorkAreRefused(String name, String value, String sentence) {
    assertRefused("weir.cache", CacheSettings.class, name, value, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "low-watermark|-0.1|low-watermark is -0.1, it must be 0 to the high watermark, 0.5",
        "low-watermark|0.6|low-watermark is 0.6, it must be 0 to the high watermark, 0.5",
        "low-watermark|NaN|low-watermark is NaN, it must be 0 to the high watermark, 0.5",
        "high-watermark|0.9|high-watermark is 0.9 and quarantine-share is 0.05, together they must be above 0 and at most 0.9",
        "quarantine-share|-0.1|high-watermark is 0.5 and quarantine-share is -0.1, together they must be above 0 and at most 0.9",
        "batch-entries|0|batch-entries is 0, it must be at least 1",
        "batch-size|1023B|batch-size is 1023, it must be at least 1024",
        "max-waiting|-1|max-waiting is -1, it must be at least 0",
        "max-age|-1ms|max-age is -1ms, it must be 0ms to 24h",
        "max-age|400000d|max-age is 34560000000000ms, it must be 0ms to 24h",
        "max-wait|-1ms|max-wait is -1ms, it must be 0ms to 24h",
        "max-wait|25h|max-wait is 90000000ms, it must be 0ms to 24h",
        "min-retry-delay|0ms|min-retry-delay is 0ms, it must be 1ms to 24h",
        "max-retry-delay|25h|max-retry-delay is 90000000ms, it must be 1ms to 24h",
        "max-retry-delay|49ms|max-retry-delay is 49ms, it must be at least min-retry-delay, 50ms",
        "drain-timeout|-1ms|drain-timeout is -1ms, it must be 0ms to 24h",
        "drain-timeout|25h|drain-timeout is 90000000ms, it must be 0ms to 24h",
      })
  void writeBackSettingsThatCannotWorkAreRefused(String name, String value, String sentence) {
    assertRefused(
        "weir.write-back", WriteBackSettings.class, name, value, "weir.write-back." + sentence);
  }

  @Test
  void aHighWatermarkOfNothingIsRefused() {
    assertThatThrownBy(() ->
            Binding.bind(
                "weir.write-back",
                WriteBackSettings.class,
                Map.of(
                    "weir.write-back.high-watermark", "0",
                    "weir.write-back.low-watermark", "0")))
        .hasRootCauseMessage(
            "weir.write-back.high-watermark is 0.0 and quarantine-share is 0.05, together they must be"
                + " above 0 and at most 0.9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-in-flight|0|weir.loads.max-in-flight is 0, it must be at least 1",
        "max-wait|-1ms|weir.loads.max-wait is -1ms, it must be 0ms to 24h",
        "max-wait|25h|weir.loads.max-wait is 90000000ms, it must be 0ms to 24h",
      })
  void loadSettingsThatCannotWorkAreRefused(String name, String value, String sentence) {
    assertRefused("weir.loads", ReadThroughSettings.class, name, value, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "keys|-1|weir.warming.keys is -1, it must be 0 to 200000",
        "keys|200001|weir.warming.keys is 200001, it must be 0 to 200000",
        "interval|999ms|weir.warming.interval is 999ms, it must be 1000ms to 24h",
        "rate|0|weir.warming.rate is 0, it must be 1 to 1000000",
      })
  void warmingSettingsThatCannotWorkAreRefused(String name, String value, String sentence) {
    assertRefused("weir.warming", WarmingSettings.class, name, value, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "clean-interval|99ms|weir.ttl.clean-interval is 99ms, it must be 100ms to 24h",
        "margin|-1ms|weir.ttl.margin is -1ms, it must be 0ms to 24h",
        "batch-rows|0|weir.ttl.batch-rows is 0, it must be 1 to 10000",
        "batch-rows|10001|weir.ttl.batch-rows is 10001, it must be 1 to 10000",
      })
  void ttlSettingsThatCannotWorkAreRefused(String name, String value, String sentence) {
    assertRefused("weir.ttl", TtlSettings.class, name, value, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node-id|a b|weir.node-id: a node id is 1 to 64 letters, digits, '.', '-' and '_', starting with a letter or digit; got 'a b'",
        "max-value-size|0|weir.max-value-size is 0B, it must be 1B to 32MiB",
        "max-value-size|33MiB|weir.max-value-size is 33MiB, it must be 1B to 32MiB",
        "advertise.raft|[fd00::5]:7402|weir.advertise.raft is '[fd00::5]:7402', it must be of the form host:port, the host being a name or an IPv4 address: where there is IPv6 alone, a name that stands for the address",
        "advertise.raft|cache-1|weir.advertise.raft is 'cache-1', it must be of the form host:port, the host being a name or an IPv4 address: where there is IPv6 alone, a name that stands for the address",
        "max-key-wait|0ms|weir.max-key-wait is 0ms, it must be 1ms to 24h",
        "max-key-wait|25h|weir.max-key-wait is 90000000ms, it must be 1ms to 24h",
        "retry-after|999ms|weir.retry-after is 999ms, it must be at least 1s",
        "advertise.url|cache-1:7401|weir.advertise.url is 'cache-1:7401', it must be of the form http://host:port",
        "advertise.url|http://cache-1:7401/|weir.advertise.url is 'http://cache-1:7401/', it must be of the form http://host:port",
        "advertise.external-url|ftp://h|weir.advertise.external-url is 'ftp://h', it must be of the form http://host:port",
        "advertise.fast-url|redis://h:9401|weir.advertise.fast-url is 'redis://h:9401', it must be of the form http://host:port",
        "advertise.external-fast-url|h:9401|weir.advertise.external-fast-url is 'h:9401', it must be of the form http://host:port",
      })
  void serverSettingsThatCannotWorkAreRefused(String name, String value, String sentence) {
    assertRootRefused("weir", ServerSettings.class, name, value, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port|0|weir.raft.port is 0, it must be 1 to 65535",
        "members|0|weir.raft.members is 0, it must be 1 to 5",
        "members|6|weir.raft.members is 6, it must be 1 to 5",
        "election-timeout|99ms|weir.raft.election-timeout is 99ms, it must be 100ms to 60s",
        "forget-after|36501d|weir.raft.forget-after is 3153686400000ms, it must be at most 36500d",
        "forget-after|9s|weir.raft.forget-after is 9000ms, it must be at least ten times weir.raft.election-timeout, which is 1000ms",
        "former-address|cache-1|weir.raft.former-address is 'cache-1', it must be of the form host:port",
        "former-address|cache-1:0|weir.raft.former-address is 'cache-1:0', it must be of the form host:port",
      })
  void groupSettingsThatCannotWorkAreRefused(String name, String value, String sentence) {
    assertRefused("weir.raft", GroupSettings.class, name, value, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "urls|''|weir.master.urls is empty, it must name a master",
        "urls|https://weir_master:1|weir.master.urls has 'https://weir_master:1', whose host has an underscore, and no certificate is for such a name: use another name",
        "urls|localhost:7400|weir.master.urls has 'localhost:7400', it must be of the form http://host:port",
        "urls|http://a:1,ftp://b|weir.master.urls has 'ftp://b', it must be of the form http://host:port",
        "urls|http://a:1/weir|weir.master.urls has 'http://a:1/weir', it must be of the form http://host:port",
        "timeout|99ms|weir.master.timeout is 99ms, it must be at least 100ms",
      })
  void masterSettingsThatCannotWorkAreRefused(String name, String value, String sentence) {
    assertRefused("weir.master", MasterAccessSettings.class, name, value, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-operations|0|weir.batch.max-operations is 0, it must be at least 1",
        "max-size|1023B|weir.batch.max-size is 1023B, it must be 1KiB to 1023MiB",
        "max-size|1GiB|weir.batch.max-size is 1GiB, it must be 1KiB to 1023MiB",
      })
  void batchSettingsThatCannotWorkAreRefused(String name, String value, String sentence) {
    assertRefused("weir.batch", BatchSettings.class, name, value, sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "1GiB, 1MiB, 64",
    "512MiB, 1MiB, 64",
    "256MiB, 1MiB, 32",
    "8MiB, 1MiB, 1",
    "8MiB, 64KiB, 16",
    "1GiB, 32MiB, 4",
    "5MiB, 1MiB, 1",
    "8MiB, 1B, 64"
  })
  void aStripeHasRoomForEightOfTheLargestValues(String maxBytes, String largest, int stripes) {
    CacheSettings cache =
        new CacheSettings(
            ByteSize.parse(maxBytes), 0, null, TableLock.READ_WRITE, EvictionPolicy.LRU);
    assertThat(cache.stripesFor(ByteSize.parse(largest))).isEqualTo(stripes);
    assertThat(
            new CacheSettings(
                    ByteSize.parse(maxBytes), 0, 8, TableLock.READ_WRITE, EvictionPolicy.LRU)
                .stripesFor(ByteSize.ofMiB(1)))
        .isEqualTo(8);
  }

  @Test
  void theEngineEvictsByThePolicyThatIsSet() {
    CacheSettings cache =
        Binding.bind("weir.cache", CacheSettings.class, Map.of("weir.cache.policy", "w-tinylfu"));
    assertThat(cache.policy()).isEqualTo(EvictionPolicy.W_TINYLFU);
    assertThat(
            new ServerConfiguration()
                .engineSettings(
                    bind("weir", ServerSettings.class),
                    cache,
                    bind("weir.write-back", WriteBackSettings.class),
                    bind("weir.loads", ReadThroughSettings.class))
                .policy())
        .isEqualTo(EvictionPolicy.W_TINYLFU);
    assertThatThrownBy(() ->
            Binding.bind("weir.cache", CacheSettings.class, Map.of("weir.cache.policy", "mru")))
        .hasStackTraceContaining("EvictionPolicy.mru");
  }

  @Test
  void aValueMustFitTwiceIntoWhatMayBeDirty() {
    ServerSettings server = bind("weir", ServerSettings.class);
    WriteBackSettings writeBack = bind("weir.write-back", WriteBackSettings.class);
    ReadThroughSettings readThrough = bind("weir.loads", ReadThroughSettings.class);
    ServerConfiguration configuration = new ServerConfiguration();
    assertThat(
            configuration
                .engineSettings(
                    server,
                    new CacheSettings(
                        ByteSize.ofMiB(5), 0, 1, TableLock.READ_WRITE, EvictionPolicy.LRU),
                    writeBack,
                    readThrough)
                .maxDirtyBytes())
        .isEqualTo(5 << 19);
    assertThatThrownBy(() ->
            configuration.engineSettings(
                server,
                new CacheSettings(
                    ByteSize.ofMiB(3), 0, 1, TableLock.READ_WRITE, EvictionPolicy.LRU),
                writeBack,
                readThrough))
        .isInstanceOf(StartupRefusedException.class)
        .hasMessage(
            "weir.max-value-size is 1MiB, it must be at most half of what may be dirty, which is"
                + " 1572864 bytes: weir.cache.max-bytes, 3MiB, times weir.write-back.high-watermark,"
                + " 0.5");
  }

  private static <T> T bind(String prefix, Class<T> type) {
    return Binding.bind(prefix, type, Map.of());
  }

  private static void assertRefused(
      String prefix, Class<?> type, String name, String value, String sentence) {
    assertThatThrownBy(() -> Binding.bind(prefix, type, Map.of(prefix + "." + name, value)))
        .hasRootCauseMessage(sentence);
  }

  /** For a sentence that was given to a cause before. */
  private static void assertRootRefused(
      String prefix, Class<?> type, String name, String value, String sentence) {
    assertThatThrownBy(() -> Binding.bind(prefix, type, Map.of(prefix + "." + name, value)))
        .satisfies(e -> {
          boolean said = false;
          for (Throwable t = e; t != null; t = t.getCause()) {
            said |= sentence.equals(t.getMessage());
          }
          assertThat(said).as("%s", e).isTrue();
        });
  }
}
