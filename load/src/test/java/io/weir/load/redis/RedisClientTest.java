package io.weir.load.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.client.WeirClient;
import io.weir.model.Key;
import io.weir.testing.FakeCluster;
import io.weir.testing.FakeRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisClientTest {

  /** In the slots of the first of the two servers. */
  private static final Key KEY = Key.of("user:2");

  private static final byte[] VALUE = "Ada".getBytes(UTF_8);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final FakeCluster cluster = new FakeCluster();
  private final FakeRedis first = new FakeRedis();
  private final FakeRedis second = new FakeRedis();
  private final WeirClient topology = topology();

  private WeirClient topology() {
    cluster.replicas = true;
    cluster.fastUrls = List.of(first.url(), second.url());
    return WeirClient.builder().master(cluster.masterUrl()).deadline(PATIENCE).watch(false).build();
  }

  @AfterEach
  void close() {
    topology.close();
    cluster.close();
    first.close();
    second.close();
  }

  private RedisClient client() {
    return new RedisClient(topology, PATIENCE, PATIENCE);
  }

  @Test
  void everyCommandDoesWhatItSays() {
    assertThat(KEY.slot()).isLessThan(8_192);
    try (RedisClient client = client()) {
      assertThat(client.get(KEY)).isNull();
      assertThat(client.setIfAbsent(KEY, VALUE)).isTrue();
      assertThat(client.setIfAbsent(KEY, VALUE)).isFalse();
      assertThat(client.getAndSet(KEY, "Grace".getBytes(UTF_8))).isEqualTo(VALUE);
      client.set(KEY, VALUE);
      assertThat(client.get(KEY)).isEqualTo(VALUE);
      client.delete(KEY);
      assertThat(client.getAndSet(KEY, "1".getBytes(UTF_8))).isNull();
      assertThat(client.increment(KEY)).isEqualTo(2);
    }
    assertThat(second.commands).isEmpty();
  }

  @Test
  void aRedirectionIsFollowed() {
    first.script = command -> "-MOVED " + KEY.slot() + " 127.0.0.1:" + second.port() + "\r\n";
    try (RedisClient client = client()) {
      client.set(KEY, VALUE);
    }
    assertThat(second.values).containsEntry(KEY, VALUE);
  }

  @Test
  void whoCannotBeReachedIsPassedOver() {
    first.close();
    try (RedisClient client = client()) {
      client.set(KEY, VALUE);
    }
    assertThat(second.values).containsEntry(KEY, VALUE);
  }

  @Test
  void whatIsRefusedForAMomentIsSentAgain() {
    AtomicInteger refusals = new AtomicInteger();
    second.script = command -> "-MOVED 1 127.0.0.1:" + first.port() + "\r\n";
    first.script =
        command -> refusals.incrementAndGet() < 3 ? "-TRYAGAIN too much is dirty\r\n" : null;
    try (RedisClient client = client()) {
      assertThat(client.increment(KEY)).isEqualTo(1);
    }
    assertThat(refusals).hasValue(3);
  }

  @Test
  void anAdditionWhoseOutcomeIsUnknownIsNotSentAgain() {
    first.script = command -> "-ERR outcome unknown: the journal did not answer\r\n";
    try (RedisClient client = client()) {
      assertThatThrownBy(() -> client.increment(KEY))
          .isInstanceOfSatisfying(RedisException.class, e -> assertThat(e.mayBeApplied()).isTrue())
          .hasMessageContaining("INCR 'user:2'")
          .hasMessageContaining("outcome unknown");
    }
    assertThat(first.commands).hasSize(1);
    assertThat(second.commands).isEmpty();
  }

  @Test
  void anAdditionWhoseConnectionIsLostIsNotSentAgain() {
    first.script = command -> "";
    try (RedisClient client = client()) {
      assertThatThrownBy(() -> client.increment(KEY))
          .isInstanceOfSatisfying(RedisException.class, e -> assertThat(e.mayBeApplied()).isTrue());
    }
    assertThat(first.commands).hasSize(1);
    assertThat(second.commands).isEmpty();
  }

  @Test
  void aReadIsSentAgainWhateverHappens() {
    AtomicInteger losses = new AtomicInteger();
    second.script = command -> "-ERR the database does not serve\r\n";
    first.script = command -> losses.incrementAndGet() < 2 ? "" : null;
    first.values.put(KEY, VALUE);
    try (RedisClient client = client()) {
      assertThat(client.get(KEY)).isEqualTo(VALUE);
    }
  }

  @Test
  void whatNoServerTakesInTimeWasNotDone() {
    first.script = command -> "-CLUSTERDOWN the shard has no leader\r\n";
    second.script = first.script;
    try (RedisClient client = new RedisClient(topology, Duration.ofMillis(200), PATIENCE)) {
      assertThatThrownBy(() -> client.set(KEY, VALUE))
          .isInstanceOfSatisfying(RedisException.class, e -> assertThat(e.mayBeApplied()).isFalse())
          .hasMessageContaining("CLUSTERDOWN");
    }
  }

  @Test
  void aRefusalIsFinalAndNothingWasDone() {
    first.script = command -> "-NOPERM this token may read alone\r\n";
    try (RedisClient client = client()) {
      assertThatThrownBy(() -> client.set(KEY, VALUE))
          .isInstanceOfSatisfying(RedisException.class, e -> assertThat(e.mayBeApplied()).isFalse())
          .hasMessageContaining("NOPERM");
    }
    assertThat(first.commands).hasSize(1);
  }

  @Test
  void theTokenIsShown() {
    first.token = "secret";
    try (WeirClient knowing =
            WeirClient.builder()
                .master(cluster.masterUrl())
                .token(() -> "secret")
                .watch(false)
                .build();
        RedisClient client = new RedisClient(knowing, PATIENCE, PATIENCE)) {
      client.set(KEY, VALUE);
    }
    assertThat(first.values).containsEntry(KEY, VALUE);
  }
}
