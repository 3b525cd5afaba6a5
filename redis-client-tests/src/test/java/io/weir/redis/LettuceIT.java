package io.weir.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lettuce's cluster client, as it comes: it speaks RESP3, and finds the servers by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
@ExtendWith(TwoShards.class)
class LettuceIT {

  private final TestServers servers;
  private final RedisClusterClient client;
  private final StatefulRedisClusterConnection<String, String> connection;
  private final RedisAdvancedClusterCommands<String, String> redis;

  LettuceIT(TestServers servers) {
    this.servers = servers;
    this.client = RedisClusterClient.create(servers.seedUri());
    this.connection = client.connect();
    this.redis = connection.sync();
  }

  @AfterAll
  void stop() {
    connection.close();
    client.close();
  }

  @Test
  void findsEveryServerAndEverySlot() {
    List<RedisClusterNode> nodes = List.copyOf(client.getPartitions());
    assertThat(nodes).hasSizeGreaterThan(1);
    assertThat(IntStream.range(0, SlotHash.SLOT_COUNT))
        .allSatisfy(
            slot -> assertThat(client.getPartitions().getPartitionBySlot(slot)).isNotNull());
    if (servers.areWeir()) {
      assertThat(nodes)
          .extracting(node -> node.getUri().getPort())
          .containsExactlyInAnyOrderElementsOf(
              servers.leaders().stream().map(leader -> leader.getPort()).toList());
    }
    assertThat(redis.clusterInfo()).contains("cluster_state:ok");
  }

  @Test
  void readsWhatItWroteInEveryShard() {
    Map<String, String> values = new LinkedHashMap<>();
    IntStream.range(0, 200).forEach(i -> values.put("lettuce:" + i + ":€", "value " + i));
    assertThat(redis.mset(values)).isEqualTo("OK");
    assertThat(redis.mget(values.keySet().toArray(String[]::new)))
        .extracting(KeyValue::getValue)
        .containsExactlyElementsOf(values.values());
    assertThat(redis.exists(values.keySet().toArray(String[]::new))).isEqualTo(200);
    assertThat(redis.del(values.keySet().toArray(String[]::new))).isEqualTo(200);
    assertThat(redis.get("lettuce:0:€")).isNull();
  }

  @Test
  void aPipelineIsAnsweredInItsOrder() throws Exception {
    RedisAdvancedClusterAsyncCommands<String, String> async = connection.async();
    List<RedisFuture<?>> replies = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      replies.add(async.set("pipeline", "value " + i));
      replies.add(async.get("pipeline"));
      replies.add(async.incr("{pipeline}:counter"));
    }
    long first = (Long) replies.get(2).get(1, TimeUnit.MINUTES);
    for (int i = 0; i < 500; i++) {
      assertThat(replies.get(3 * i).get(1, TimeUnit.MINUTES)).isEqualTo("OK");
      assertThat(replies.get(3 * i + 1).get(1, TimeUnit.MINUTES)).isEqualTo("value " + i);
      assertThat(replies.get(3 * i + 2).get(1, TimeUnit.MINUTES)).isEqualTo(first + i);
    }
    redis.del("pipeline", "{pipeline}:counter");
  }

  @Test
  void aValueIsAnyBytes() {
    byte[] value = new byte[70_000];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) i;
    }
    try (var binary = client.connect(ByteArrayCodec.INSTANCE)) {
      byte[] key = "lettuce:binary".getBytes(UTF_8);
      assertThat(binary.sync().set(key, value)).isEqualTo("OK");
      assertThat(binary.sync().get(key)).isEqualTo(value);
      assertThat(binary.sync().set(key, new byte[0])).isEqualTo("OK");
      assertThat(binary.sync().get(key)).isEmpty();
      binary.sync().del(key);
    }
  }

  @Test
  void aServerSendsAwayTheKeysOfAnother() {
    for (RedisClusterNode node : client.getPartitions()) {
      try (RedisClient single = RedisClient.create(node.getUri());
          StatefulRedisConnection<String, String> to = single.connect()) {
        for (int i = 0; i < 20; i++) {
          String key = "moved:" + i;
          int slot = SlotHash.getSlot(key);
          RedisClusterNode owner = client.getPartitions().getPartitionBySlot(slot);
          if (owner.getNodeId().equals(node.getNodeId())) {
            assertThat(to.sync().get(key)).isNull();
          } else {
            assertThatThrownBy(() -> to.sync().get(key))
                .isInstanceOf(RedisCommandExecutionException.class)
                .hasMessage(
                    "MOVED "
                        + slot
                        + " "
                        + owner.getUri().getHost()
                        + ":"
                        + owner.getUri().getPort());
          }
        }
        assertThatThrownBy(() -> to.sync().mget("a", "b", "c", "d"))
            .isInstanceOf(RedisCommandExecutionException.class)
            .hasMessageStartingWith("CROSSSLOT");
      }
    }
  }

  @Test
  void aValueExpires() {
    assertThat(redis.set("lettuce:short", "value", SetArgs.Builder.px(700))).isEqualTo("OK");
    assertThat(redis.pttl("lettuce:short")).isBetween(1L, 700L);
    await().until(() -> redis.get("lettuce:short") == null);
    assertThat(redis.pttl("lettuce:short")).isEqualTo(-2);

    redis.set("lettuce:long", "value");
    assertThat(redis.ttl("lettuce:long")).isEqualTo(-1);
    assertThat(redis.expire("lettuce:long", 100)).isTrue();
    assertThat(redis.append("lettuce:long", " and more")).isEqualTo(14);
    assertThat(redis.ttl("lettuce:long")).isBetween(1L, 100L);
    assertThat(redis.persist("lettuce:long")).isTrue();
    assertThat(redis.getdel("lettuce:long")).isEqualTo("value and more");
  }

  @Test
  void conditionsAreDecidedAtTheServer() {
    assertThat(redis.setnx("lettuce:once", "first")).isTrue();
    assertThat(redis.setnx("lettuce:once", "second")).isFalse();
    assertThat(redis.set("lettuce:once", "third", SetArgs.Builder.nx())).isNull();
    assertThat(redis.setGet("lettuce:once", "fourth", SetArgs.Builder.xx())).isEqualTo("first");
    assertThat(redis.getdel("lettuce:once")).isEqualTo("fourth");
    assertThat(redis.set("lettuce:once", "fifth", SetArgs.Builder.xx())).isNull();
  }

  @Test
  void noIncrementIsLost() throws Exception {
    List<RedisFuture<Long>> increments = new ArrayList<>();
    List<StatefulRedisClusterConnection<String, String>> connections = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      connections.add(client.connect());
    }
    for (int i = 0; i < 100; i++) {
      for (StatefulRedisClusterConnection<String, String> each : connections) {
        increments.add(each.async().incrby("lettuce:counter", 3));
      }
    }
    List<Long> values = new ArrayList<>();
    for (RedisFuture<Long> increment : increments) {
      values.add(increment.get(1, TimeUnit.MINUTES));
    }
    assertThat(values).doesNotHaveDuplicates();
    assertThat(redis.getdel("lettuce:counter")).isEqualTo("2400");
    connections.forEach(StatefulRedisClusterConnection::close);
  }

  @Test
  void aScanFindsEveryKeyOfEveryShard() {
    List<String> keys = IntStream.range(0, 300).mapToObj(i -> "scan:" + i).toList();
    keys.forEach(key -> redis.set(key, "value"));
    ScanIterator<String> scan = ScanIterator.scan(redis, ScanArgs.Builder.matches("scan:*"));
    assertThat(scan.stream().distinct()).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(redis.keys("scan:*")).containsExactlyInAnyOrderElementsOf(keys);
    KeyScanCursor<String> page = redis.scan(ScanArgs.Builder.limit(10));
    assertThat(page.getKeys()).isNotEmpty();
    redis.del(keys.toArray(String[]::new));
  }

  @Test
  void anErrorSaysWhatIsWrong() {
    redis.set("lettuce:text", "text");
    assertThatThrownBy(() -> redis.incr("lettuce:text"))
        .isInstanceOf(RedisCommandExecutionException.class)
        .hasMessage("ERR value is not an integer or out of range");
    redis.del("lettuce:text");
  }

  @Test
  void keysAreText() {
    assumeThat(servers.areWeir()).isTrue();
    try (var binary = client.connect(ByteArrayCodec.INSTANCE)) {
      byte[] serialised = {(byte) 0xac, (byte) 0xed, 0, 5, 't', 0, 1, 'a'};
      assertThatThrownBy(() -> binary.sync().get(serialised))
          .isInstanceOf(RedisCommandExecutionException.class)
          .hasMessageContaining("UTF-8")
          .hasMessageContaining("StringRedisSerializer");
    }
  }
}
