package io.weir.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.ClusterPipeline;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.params.GetExParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Jedis' cluster client over both versions of the protocol. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
@ExtendWith(TwoShards.class)
class JedisIT {

  private final TestServers servers;
  private final RedisClusterClient redis;

  JedisIT(TestServers servers) {
    this.servers = servers;
    this.redis = RedisClusterClient.create(servers.seed());
  }

  @AfterAll
  void stop() {
    redis.close();
  }

  @Test
  void findsEveryServer() {
    assertThat(redis.getClusterNodes()).hasSizeGreaterThan(1);
    if (servers.areWeir()) {
      assertThat(redis.getClusterNodes())
          .containsOnlyKeys(servers.leaders().stream().map(HostAndPort::toString).toList());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = RedisProtocol.class,
      names = {"RESP2", "RESP3"})
  void readsWhatItWroteInEveryShard(RedisProtocol protocol) {
    try (RedisClusterClient client =
        RedisClusterClient.builder()
            .nodes(Set.of(servers.seed()))
            .clientConfig(
                DefaultJedisClientConfig.builder()
                    .protocol(protocol)
                    .clientName("jedis-it")
                    .build())
            .build()) {
      for (int i = 0; i < 100; i++) {
        assertThat(client.set("jedis:" + i, "value " + i)).isEqualTo("OK");
      }
      for (int i = 0; i < 100; i++) {
        assertThat(client.get("jedis:" + i)).isEqualTo("value " + i);
        assertThat(client.del("jedis:" + i)).isEqualTo(1);
        assertThat(client.get("jedis:" + i)).isNull();
      }
      assertThat(client.mset("{jedis}:a", "1", "{jedis}:b", "2")).isEqualTo("OK");
      assertThat(client.msetnx("{jedis}:b", "3", "{jedis}:c", "4")).isZero();
      assertThat(client.mget("{jedis}:a", "{jedis}:b", "{jedis}:c"))
          .containsExactly("1", "2", null);
      assertThat(client.del("{jedis}:a", "{jedis}:b", "{jedis}:c")).isEqualTo(2);
    }
  }

  @Test
  void aPipelineIsAnsweredInItsOrder() {
    try (ClusterPipeline pipeline = redis.pipelined()) {
      List<Response<String>> values = new ArrayList<>();
      List<Response<Long>> counts = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        pipeline.set("jedis:pipeline", "value " + i);
        values.add(pipeline.get("jedis:pipeline"));
        counts.add(pipeline.incr("jedis:pipelined"));
      }
      pipeline.sync();
      assertThat(values)
          .extracting(Response::get)
          .containsExactlyElementsOf(IntStream.range(0, 300).mapToObj(i -> "value " + i).toList());
      assertThat(counts)
          .extracting(Response::get)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 300).mapToObj(Long::valueOf).toList());
    }
    redis.del("jedis:pipeline");
    redis.del("jedis:pipelined");
  }

  @Test
  void aServerSendsAwayTheKeysOfAnother() {
    for (String node : redis.getClusterNodes().keySet()) {
      HostAndPort here = HostAndPort.from(node);
      try (Jedis to = new Jedis(here)) {
        int moved = 0;
        for (int i = 0; i < 20; i++) {
          String key = "moved:" + i;
          try {
            assertThat(to.get(key)).isNull();
          } catch (JedisMovedDataException e) {
            moved++;
            assertThat(e.getSlot()).isEqualTo(JedisClusterCRC16.getSlot(key));
            assertThat(e.getTargetNode()).isNotEqualTo(here);
            assertThat(redis.getClusterNodes()).containsKey(e.getTargetNode().toString());
          }
        }
        assertThat(moved).as("keys that %s does not own", node).isBetween(1, 19);
      }
    }
  }

  @Test
  void aValueIsAnyBytes() {
    byte[] key = "jedis:binary".getBytes(UTF_8);
    byte[] value = new byte[256];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) i;
    }
    redis.set(key, value);
    assertThat(redis.get(key)).isEqualTo(value);
    assertThat(redis.getrange(key, 254, -1)).containsExactly(254, 255);
    assertThat(redis.setrange(key, 258, new byte[] {7})).isEqualTo(259);
    assertThat(redis.getrange(key, 254, -1)).containsExactly(254, 255, 0, 0, 7);
    redis.del(key);
  }

  @Test
  void aValueExpires() {
    assertThat(redis.set("jedis:short", "value", new SetParams().px(700).nx())).isEqualTo("OK");
    assertThat(redis.getEx("jedis:short", GetExParams.getExParams().px(900))).isEqualTo("value");
    assertThat(redis.pttl("jedis:short")).isBetween(1L, 900L);
    await().until(() -> !redis.exists("jedis:short"));
    redis.set("jedis:kept", "value", new SetParams().ex(100));
    redis.set("jedis:kept", "another", new SetParams().keepTtl());
    assertThat(redis.ttl("jedis:kept")).isBetween(1L, 100L);
    redis.set("jedis:kept", "a third");
    assertThat(redis.ttl("jedis:kept")).isEqualTo(-1);
    redis.del("jedis:kept");
  }

  @Test
  void noIncrementIsLost() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<List<Long>>> counted = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        counted.add(
            threads.submit(
                () -> IntStream.range(0, 100).mapToObj(n -> redis.incr("jedis:counter")).toList()));
      }
      List<Long> values = new ArrayList<>();
      for (Future<List<Long>> each : counted) {
        values.addAll(each.get());
      }
      Collections.sort(values);
      assertThat(values)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, 800).mapToObj(Long::valueOf).toList());
    }
    assertThat(redis.incrByFloat("jedis:counter", 0.5)).isEqualTo(800.5);
    redis.del("jedis:counter");
  }

  @Test
  void keysAreText() {
    assumeThat(servers.areWeir()).isTrue();
    byte[] serialised = {(byte) 0xac, (byte) 0xed, 0, 5, 't', 0, 1, 'a'};
    assertThatThrownBy(() -> redis.set(serialised, new byte[] {1}))
        .isInstanceOf(JedisDataException.class)
        .hasMessageContaining("UTF-8")
        .hasMessageContaining("StringRedisSerializer");
  }
}
