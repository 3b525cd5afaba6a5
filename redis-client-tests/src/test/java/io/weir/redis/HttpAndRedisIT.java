package io.weir.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.params.SetParams;

/** One entry, by HTTP on either port and by Redis' protocol. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
@ExtendWith(TwoShards.class)
class HttpAndRedisIT {

  private final TestServers servers;
  private RedisClusterClient redis;

  HttpAndRedisIT(TestServers servers) {
    this.servers = servers;
  }

  @BeforeAll
  void connect() {
    assumeThat(servers.areWeir()).isTrue();
    redis = RedisClusterClient.create(servers.seed());
  }

  @AfterAll
  void stop() {
    if (redis != null) {
      redis.close();
    }
  }

  static Stream<Named<Function<TestServers, Function<String, String>>>> ports() {
    return Stream.of(
        Named.of("HTTP port", servers -> key -> servers.httpOf(key) + "/kv/" + key),
        Named.of("fast port", servers -> key -> servers.fastOf(key) + "/kv/" + key));
  }

  @ParameterizedTest
  @MethodSource("ports")
  void redisReadsWhatHttpWrote(Function<TestServers, Function<String, String>> port) {
    Function<String, String> url = port.apply(servers);
    for (String key : List.of("http:1", "http:2", "http:3", "http:4")) {
      assertThat(servers.put(url.apply(key) + "?ttl=1h", "value of " + key, "text/x-weir"))
          .extracting(HttpResponse::statusCode)
          .isEqualTo(204);
      assertThat(redis.get(key)).isEqualTo("value of " + key);
      assertThat(redis.ttl(key)).isBetween(1L, 3600L);
      assertThat(redis.type(key)).isEqualTo("string");

      // What changes a part of a value leaves its type, and when it expires.
      assertThat(redis.append(key, "!")).isEqualTo(("value of " + key).length() + 1L);
      HttpResponse<String> appended = servers.get(url.apply(key));
      assertThat(appended.body()).isEqualTo("value of " + key + "!");
      assertThat(appended.headers().firstValue("Content-Type")).contains("text/x-weir");
      assertThat(redis.ttl(key)).isBetween(1L, 3600L);

      assertThat(redis.del(key)).isEqualTo(1);
      assertThat(servers.get(url.apply(key)).statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @MethodSource("ports")
  void httpReadsWhatRedisWrote(Function<TestServers, Function<String, String>> port) {
    Function<String, String> url = port.apply(servers);
    for (String key : List.of("redis:1", "redis:2", "redis:3", "redis:4")) {
      assertThat(servers.put(url.apply(key), "before", "text/plain").statusCode()).isEqualTo(204);
      assertThat(redis.set(key, "value of " + key, new SetParams().ex(100))).isEqualTo("OK");
      HttpResponse<String> read = servers.get(url.apply(key));
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(read.body()).isEqualTo("value of " + key);
      assertThat(read.headers().firstValue("Content-Type")).contains("application/octet-stream");
      String tag = read.headers().firstValue("ETag").orElseThrow();

      assertThat(redis.incrBy(key + ":counter", 41)).isEqualTo(41);
      assertThat(redis.incr(key + ":counter")).isEqualTo(42);
      assertThat(servers.get(url.apply(key + ":counter")).body()).isEqualTo("42");

      redis.set(key, "another");
      assertThat(servers.get(url.apply(key)).headers().firstValue("ETag").orElseThrow())
          .isNotEqualTo(tag);
      redis.del(key);
      redis.del(key + ":counter");
    }
  }
}
