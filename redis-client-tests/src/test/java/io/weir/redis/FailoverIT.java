package io.weir.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisException;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The leader of three members goes, while clients write. Each client writes keys of its own, and
 * adds to a counter of its own, one command after the other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(900)
class FailoverIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** How much each client must have done before the leader goes, and once more after it went. */
  private static final int SOME = 100;

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
  private TestServers servers;
  private RedisClusterClient lettuce;
  private StatefulRedisClusterConnection<String, String> connection;
  private UnifiedJedis jedis;
  private UnifiedJedis jedisOnce;
  private List<Writer> writers;

  /** A client that writes, and remembers what it knows to be written. */
  private static final class Writer {

    private final String name;
    private final BiConsumer<String, String> set;
    private final Consumer<String> increment;
    private final Function<String, String> get;
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger counted = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private int next;

    Writer(
        String name,
        BiConsumer<String, String> set,
        Consumer<String> increment,
        Function<String, String> get) {
      this.name = name;
      this.set = set;
      this.increment = increment;
      this.get = get;
    }

    void write() {
      int number = next++;
      try {
        set.accept(name + ":" + number, "value " + number);
        acknowledged.put(name + ":" + number, "value " + number);
      } catch (RedisException | JedisException e) {
        // Not acknowledged: nothing is promised.
      }
      try {
        increment.accept(name + ":counter");
        counted.incrementAndGet();
      } catch (RedisException | JedisException e) {
        open.incrementAndGet();
      }
    }

    /** How much it knows to be written. */
    int done() {
      return Math.min(acknowledged.size(), counted.get());
    }

    /** Whether a key is what it knows it to be; asked again while nobody leads. */
    void assertNothingIsLost() {
      Map<String, String> expected = Map.copyOf(acknowledged);
      expected.forEach(
          (key, value) -> assertThat(read(key)).as("%s of %s", key, name).isEqualTo(value));
      // What is under way meanwhile counts as open.
      int least = counted.get();
      int read = Integer.parseInt(read(name + ":counter"));
      assertThat(read)
          .as("the counter of %s", name)
          .isBetween(least, counted.get() + open.get() + 1);
    }

    private String read(String key) {
      return await()
          .pollDelay(Duration.ZERO)
          .atMost(PATIENCE)
          .ignoreExceptionsMatching(e -> e instanceof RedisException || e instanceof JedisException)
          .until(() -> Objects.requireNonNullElse(get.apply(key), "nothing"), value -> true);
    }
  }

  @BeforeAll
  void start() {
    servers = TestServers.threeMembers();
    lettuce = RedisClusterClient.create(servers.seedUri() + "?timeout=5s");
    ClusterClientOptions.Builder options = ClusterClientOptions.builder();
    options.timeoutOptions(TimeoutOptions.enabled());
    // An increment whose answer was lost with its connection is not sent again, but times out.
    options.replayFilter(command -> command.getType() == CommandType.INCR);
    lettuce.setOptions(options.build());
    connection = lettuce.connect();
    RedisAdvancedClusterCommands<String, String> commands = connection.sync();
    jedis = jedis(5);
    jedisOnce = jedis(1);
    writers =
        List.of(
            new Writer("lettuce", commands::set, commands::incr, commands::get),
            new Writer("jedis", jedis::set, jedisOnce::incr, jedis::get));
    writers.forEach(writer -> {
      var _ = threads.scheduleWithFixedDelay(writer::write, 0, 5, TimeUnit.MILLISECONDS);
    });
  }

  private UnifiedJedis jedis(int attempts) {
    return redis.clients.jedis.RedisClusterClient.builder()
        .nodes(Set.of(servers.seed()))
        .clientConfig(DefaultJedisClientConfig.builder().timeoutMillis(5000).build())
        .maxAttempts(attempts)
        .build();
  }

  @AfterAll
  void stop() throws InterruptedException {
    threads.shutdown();
    boolean _ = threads.awaitTermination(1, TimeUnit.MINUTES);
    connection.close();
    lettuce.close();
    jedis.close();
    jedisOnce.close();
    servers.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "TERM"})
  void nothingIsLostWhenTheLeaderGoes(String signal) throws Exception {
    servers.cluster().awaitServing();
    await().atMost(PATIENCE).until(() -> servers.cluster().isWhole(0));
    awaitWrites();
    String leader = Objects.requireNonNull(servers.cluster().leaderOf(0), "a leader");
    assertThat(servers.cluster().signal(leader, signal)).isTrue();
    await()
        .atMost(PATIENCE)
        .until(
            () -> servers.cluster().leaderOf(0), other -> other != null && !other.equals(leader));
    awaitWrites();
    writers.forEach(Writer::assertNothingIsLost);
  }

  private void awaitWrites() {
    for (Writer writer : writers) {
      int before = writer.done();
      await().atMost(PATIENCE).until(() -> writer.done() > before + SOME);
    }
  }
}
