package io.weir.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.client.CacheStatus;
import io.weir.client.WeirClient;
import io.weir.load.result.LoadResult;
import io.weir.load.result.ServerResult;
import io.weir.load.verify.Verdict;
import io.weir.load.workload.Mix;
import io.weir.testing.FakeCluster;
import io.weir.testing.FakeRedis;
import io.weir.testing.FreePorts;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Loads by each of the doors. */
class LoadDoorTest {

  private static final String TOKEN = "secret";
  private static final int KEYS = 50;
  private static final int ENOUGH = 200;

  private final FakeCluster cluster = new FakeCluster();
  private final FakeRedis redis = new FakeRedis();
  private final List<WeirClient> clients = new ArrayList<>();

  /** A client of the topology as it is by now. */
  private WeirClient client() {
    WeirClient client =
        WeirClient.builder()
            .master(cluster.masterUrl())
            .token(() -> TOKEN)
            .deadline(Duration.ofMinutes(2))
            .readTimeout(Duration.ofMinutes(1))
            .build();
    clients.add(client);
    return client;
  }

  @AfterEach
  void close() {
    clients.forEach(WeirClient::close);
    cluster.close();
    redis.close();
  }

  private static LoadPlan.Builder plan(LoadDoor door) {
    return LoadPlan.builder()
        .clients(4)
        .keys(KEYS)
        .mix(Mix.reading(0.5))
        .warmup(Duration.ZERO)
        .duration(Duration.ofMinutes(2))
        .requestTimeout(Duration.ofMinutes(1))
        .verify(true)
        .door(door);
  }

  /** Runs until there are enough answers. */
  private LoadRun enough(LoadPlan plan) {
    LoadRun run = new LoadRun(plan, client(), ThisMachine.environment(List.of()), progress -> {});
    AtomicInteger answers = new AtomicInteger();
    run.tell(
        new AnswerListener() {
          @Override
          public void read(int key, CacheStatus status) {
            wrote(key);
          }

          @Override
          public void wrote(int key) {
            if (answers.incrementAndGet() >= ENOUGH) {
              run.stop();
            }
          }
        });
    return run;
  }

  @Test
  void valuesGoInAndOutByTheRedisProtocol() throws InterruptedException {
    cluster.fastUrls = List.of(redis.url(), redis.url());
    LoadRun run =
        enough(plan(LoadDoor.REDIS).mix(new Mix(0.5, 0.3, 0, 0.1, 0.1)).phase(Phase.BOTH).build());
    LoadResult result = run.run();
    assertThat(result.errors()).isEmpty();
    assertThat(result.succeeded()).isGreaterThan(ENOUGH / 2);
    assertThat(result.settings()).containsEntry("--door", "redis");
    assertThat(result.reads().hitRatio()).isNull();
    assertThat(cluster.entries).isEmpty();
    for (int key = 0; key < KEYS; key++) {
      assertThat(run.log().check(key, redis.values.get(run.log().keys().key(key))))
          .isIn(Verdict.INTACT, Verdict.UNTOUCHED);
    }
  }

  @Test
  void anErrorOfTheRedisProtocolSaysWhetherTheWriteMayHaveHappened() throws InterruptedException {
    cluster.fastUrls = List.of(redis.url(), redis.url());
    AtomicInteger writes = new AtomicInteger();
    redis.script =
        command ->
            command.getFirst().equals("GET")
                ? null
                : switch (writes.incrementAndGet() % 4) {
                  case 0 -> "-ERR outcome unknown: the journal did not answer\r\n";
                  case 1 -> "-TRYAGAIN too much is dirty\r\n";
                  case 2 -> "-MOVED 1 127.0.0.1:1\r\n";
                  default -> null;
                };
    LoadResult result = enough(plan(LoadDoor.REDIS).build()).run();
    assertThat(result.errors()).containsKeys("server-error", "unavailable", "not-owner");
    assertThat(result.writes().ambiguous()).isPositive();
  }

  @Test
  void theTokenIsShownBeforeTheFirstCommand() throws InterruptedException {
    redis.token = TOKEN;
    cluster.fastUrls = List.of(redis.url(), redis.url());
    assertThat(enough(plan(LoadDoor.REDIS).build()).run().errors()).isEmpty();
  }

  @Test
  void withoutFastPortsThereIsNoRedisProtocol() {
    assertThatThrownBy(() -> enough(plan(LoadDoor.REDIS).build()).run())
        .isInstanceOf(LoadAbortedException.class)
        .hasMessageContaining("weir.fast.enabled");
  }

  @Test
  void deadFastPortsAreReplacedByHttpPorts() throws InterruptedException {
    URI dead = URI.create("http://127.0.0.1:" + FreePorts.next());
    cluster.fastUrls = List.of(dead, dead);
    LoadResult result = enough(plan(LoadDoor.FAST).build()).run();
    assertThat(result.errors()).isEmpty();
    assertThat(cluster.entries).isNotEmpty();
  }

  @Test
  void fastPortsAreUsedWhereTheyAre() throws InterruptedException {
    try (FakeCluster behind = new FakeCluster()) {
      cluster.fastUrls = List.of(URI.create(behind.cacheUrl(0)), URI.create(behind.cacheUrl(1)));
      LoadResult result = enough(plan(LoadDoor.FAST).build()).run();
      assertThat(result.errors()).isEmpty();
      assertThat(result.servers())
          .extracting(ServerResult::url)
          .containsExactlyInAnyOrder(cluster.cacheUrl(0), cluster.cacheUrl(1));
      assertThat(behind.entries).isNotEmpty();
      assertThat(cluster.entries).isEmpty();
    }
  }

  @Test
  void fastPortsAreLeftAloneOnDemand() throws InterruptedException {
    try (FakeCluster behind = new FakeCluster()) {
      cluster.fastUrls = List.of(URI.create(behind.cacheUrl(0)), URI.create(behind.cacheUrl(1)));
      LoadResult result = enough(plan(LoadDoor.HTTP).build()).run();
      assertThat(result.errors()).isEqualTo(Map.of());
      assertThat(behind.entries).isEmpty();
    }
  }
}
