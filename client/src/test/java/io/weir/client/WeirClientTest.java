package io.weir.client;

import static io.weir.client.FakeMaster.topology;
import static io.weir.client.FakeServer.drop;
import static io.weir.client.FakeServer.movedTo;
import static io.weir.client.FakeServer.plain;
import static io.weir.client.FakeServer.problem;
import static io.weir.client.FakeServer.value;
import static io.weir.client.FakeServer.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.KeyLocation;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WeirClientTest {

  private static final Key KEY = Key.of("user:1");
  private static final byte[] VALUE = "Ada".getBytes(UTF_8);

  private final FakeServer first = FakeServer.start();
  private final FakeServer second = FakeServer.start();
  private final FakeMaster master = new FakeMaster(topology(1, 1, first));

  @AfterEach
  void close() {
    master.close();
    first.close();
    second.close();
  }

  private WeirClient.Builder builder() {
    return WeirClient.builder()
        .master(master.url())
        .deadline(Duration.ofSeconds(5))
        .readTimeout(Duration.ofMillis(500))
        .watch(false);
  }

  @Test
  void readsAnEntryWithItsMetadata() {
    first.answers(value("Ada"));
    try (WeirClient client = builder().build()) {
      Entry entry = client.get(KEY).orElseThrow();
      assertThat(entry.value()).isEqualTo(VALUE);
      assertThat(entry.contentType()).isEqualTo("text/plain");
      assertThat(entry.version()).isEqualTo(new Version(7));
      assertThat(entry.cacheStatus()).isEqualTo(CacheStatus.HIT);
    }
  }

  @Test
  void aMissingEntryIsEmpty() {
    first.answers(problem(404, "not-found", ""));
    try (WeirClient client = builder().build()) {
      assertThat(client.get(KEY)).isEmpty();
    }
  }

  @Test
  void aNotFoundThatIsNotWeirsIsNoMissingEntry() {
    first.answers(plain(404, "<html>nothing here</html>"));
    try (WeirClient client = builder().build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(RejectedException.class)
          .hasMessageContaining("404: <html>nothing here</html>");
    }
  }

  @Test
  void writesWithAllThatTheOptionsAskFor() {
    first.answers(written(9));
    try (WeirClient client = builder().build()) {
      WriteOptions options =
          WriteOptions.DEFAULT
              .contentType("text/plain")
              .ttl(Duration.ofSeconds(60))
              .onlyOver(new Version(8))
              .durability(Durability.MEMORY);
      assertThat(client.put(Key.of("a/b?c"), VALUE, options))
          .isEqualTo(new Written(new Version(9), Durability.MEMORY));
    }
    assertThat(first.requests).containsExactly("PUT /kv/a/b%3Fc?ttl=60000ms");
    assertThat(first.headers.getFirst())
        .containsEntry("If-match", List.of("\"8\""))
        .containsEntry("Content-type", List.of("text/plain"))
        .containsEntry("Content-length", List.of("3"))
        .containsEntry("Weir-durability", List.of("memory"));
  }

  @Test
  void putsOnlyIfAbsentAndDeletes() {
    first.answers(written(9));
    try (WeirClient client = builder().build()) {
      client.put(KEY, VALUE, WriteOptions.DEFAULT.onlyIfAbsent());
      client.delete(KEY);
    }
    assertThat(first.headers.getFirst()).containsEntry("If-none-match", List.of("*"));
    assertThat(first.requests).containsExactly("PUT /kv/user:1", "DELETE /kv/user:1");
  }

  @Test
  void aHeaderCannotBeSmuggledIn() {
    first.answers(written(9));
    try (WeirClient client = builder().build()) {
      WriteOptions options = WriteOptions.DEFAULT.contentType("a\r\nEvil: yes");
      assertThatIllegalArgumentException().isThrownBy(() -> client.put(KEY, VALUE, options));
    }
    assertThat(first.requests).isEmpty();
  }

  @Test
  void routesEachKeyToTheOwnerOfItsSlot() {
    master.publish(topology(2, 1, first, second));
    first.answers(value("first"));
    second.answers(value("second"));
    try (WeirClient client = builder().build()) {
      for (int i = 0; i < 20; i++) {
        Key key = Key.of("key-" + i);
        String expected = key.slot() < 8192 ? "first" : "second";
        assertThat(new String(client.get(key).orElseThrow().value(), UTF_8)).isEqualTo(expected);
      }
    }
  }

  @Test
  void locatesAKeyByTheTopology() {
    try (WeirClient client = builder().build()) {
      KeyLocation location = client.locate(KEY);
      assertThat(location.slot()).isEqualTo(KEY.slot());
      assertThat(location.url()).isEqualTo(first.uri());
    }
  }

  @Test
  void followsTheRefreshedTopologyAfterA421() {
    second.answers(written(3));
    first.answers(exchange -> {
      master.publish(topology(2, 2, second));
      movedTo(second, 2, 2).to(exchange);
    });
    try (WeirClient client = builder().build()) {
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(3));
    }
    assertThat(first.requests).hasSize(1);
    assertThat(second.requests).hasSize(1);
  }

  @Test
  void followsAHigherTermThatTheMasterDoesNotKnowYet() {
    second.answers(written(3));
    first.answers(movedTo(second, 2, 1));
    try (WeirClient client = builder().build()) {
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(3));
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void doesNotFollowAServerThatKnowsLessThanTheMaster() {
    second.answers(written(4));
    first.answers(movedTo(second, 1, 1), movedTo(second, 1, 1), written(3));
    try (WeirClient client = builder().build()) {
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(3));
    }
    assertThat(second.requests).isEmpty();
  }

  @Test
  void doesNotFollowAnInternalAddressFromOutside() {
    second.answers(written(4));
    first.answers(movedTo(second, 2, 2), written(3));
    try (WeirClient client = builder().network(Network.EXTERNAL).build()) {
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(3));
    }
    assertThat(master.server.requests.getFirst()).isEqualTo("GET /caches?network=external");
  }

  @Test
  void serversThatPointAtEachOtherAreAskedWithBackOffUntilTheDeadline() {
    first.answers(movedTo(second, 5, 5));
    second.answers(movedTo(first, 5, 5));
    try (WeirClient client = builder().deadline(Duration.ofMillis(600)).build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(NotReachableException.class)
          .hasMessageContaining("421: because");
    }
    assertThat(first.requests.size() + second.requests.size()).isBetween(4, 40);
  }

  @Test
  void aRefusedConnectionIsTriedAgainUntilTheServerIsUp() {
    int port = first.port();
    first.close();
    FakeServer[] restarted = new FakeServer[1];
    try (WeirClient client = builder().build()) {
      Thread.ofVirtual()
          .start(() -> {
            await().until(() -> master.server.requests.size() >= 3);
            restarted[0] = FakeServer.startOn(port).answers(written(5));
          });
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(5));
    } finally {
      restarted[0].close();
    }
  }

  @Test
  void aRefusedConnectionUntilTheDeadlineNamesTheServer() {
    first.close();
    try (WeirClient client = builder().deadline(Duration.ofMillis(300)).build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(NotReachableException.class)
          .hasMessage("PUT 'user:1': cannot connect to " + first.url() + ": connection refused");
    }
  }

  @Test
  void aReadThatTimesOutIsRepeated() {
    first.answers(first.hang(), value("Ada"));
    try (WeirClient client = builder().readTimeout(Duration.ofMillis(100)).build()) {
      assertThat(client.get(KEY)).isPresent();
    }
    assertThat(first.requests).hasSize(2);
  }

  @Test
  void aReadThatAlwaysTimesOutEndsAtTheDeadline() {
    first.answers(first.hang());
    try (WeirClient client =
        builder().readTimeout(Duration.ofMillis(100)).deadline(Duration.ofMillis(400)).build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining(first.url() + " did not answer in time");
    }
  }

  @Test
  void aWriteThatTimesOutIsAmbiguousAndNotRepeated() {
    first.answers(first.hang(), written(2));
    try (WeirClient client = builder().deadline(Duration.ofMillis(300)).build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(AmbiguousOutcomeException.class)
          .hasMessageContaining("it may have been applied");
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void aWriteWhoseConnectionBreaksIsAmbiguousAndNotRepeated() {
    first.answers(drop(), written(2));
    try (WeirClient client = builder().build()) {
      assertThatThrownBy(() -> client.delete(KEY)).isInstanceOf(AmbiguousOutcomeException.class);
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void anAmbiguousWriteIsRepeatedWhereTheCallerAllowsIt() {
    first.answers(drop(), written(2));
    try (WeirClient client = builder().build()) {
      client.put(KEY, VALUE, WriteOptions.DEFAULT.repeatingWhenAmbiguous());
    }
    assertThat(first.requests).hasSize(2);
  }

  @Test
  void aFailedConditionAfterAnAmbiguousAttemptIsAmbiguous() {
    first.answers(drop(), problem(412, "precondition-failed", ""));
    WriteOptions options = WriteOptions.DEFAULT.onlyIfAbsent().repeatingWhenAmbiguous();
    try (WeirClient client = builder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE, options))
          .isInstanceOf(AmbiguousOutcomeException.class);
    }
  }

  @Test
  void aFailedConditionSaysSo() {
    first.answers(problem(412, "precondition-failed", ""));
    try (WeirClient client = builder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE, WriteOptions.DEFAULT.onlyIfAbsent()))
          .isInstanceOf(PreconditionFailedException.class)
          .hasMessageContaining("because");
    }
  }

  @Test
  void aWriteIsRepeatedAfterAServersOwn503() {
    first.answers(problem(503, "too-much-dirty", ""), written(2));
    try (WeirClient client = builder().build()) {
      client.put(KEY, VALUE);
    }
    assertThat(first.requests).hasSize(2);
  }

  @Test
  void a503OfSomethingInBetweenMakesAWriteAmbiguous() {
    first.answers(plain(503, "upstream reset"), written(2));
    try (WeirClient client = builder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(AmbiguousOutcomeException.class)
          .hasMessageContaining("upstream reset");
    }
  }

  @Test
  void a503ThatLastsLongerThanTheDeadlineIsReportedAtOnce() {
    first.answers(exchange -> {
      exchange.getResponseHeaders().set("Retry-After", "30");
      problem(503, "store-unavailable", "").to(exchange);
    });
    try (WeirClient client = builder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOfSatisfying(
              RejectedException.class,
              e -> assertThat(e.problem().type()).isEqualTo("urn:weir:problem:store-unavailable"));
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void aRefusalIsNotRepeated() {
    first.answers(problem(413, "value-too-large", ""));
    try (WeirClient client = builder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(RejectedException.class)
          .hasMessage("PUT 'user:1': " + first.url() + " answered 413: because");
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void anAnswerAboveTheBoundIsRefused() {
    first.answers(value("x".repeat(5_000)));
    try (WeirClient client = builder().maxResponseBytes(4_096).build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(UnexpectedAnswerException.class)
          .hasMessageContaining("more than 4096 bytes");
    }
  }

  @Test
  void asksTheNextMasterWhenOneIsDown() {
    first.answers(value("Ada"));
    try (FakeServer gone = FakeServer.start();
        FakeServer broken = FakeServer.start().answers(plain(200, "no topology"))) {
      gone.close();
      try (WeirClient client =
          WeirClient.builder()
              .master(gone.url())
              .master(broken.url())
              .master(master.url())
              .watch(false)
              .build()) {
        assertThat(client.get(KEY)).isPresent();
      }
    }
  }

  @Test
  void noMasterAtAllNamesThemAll() {
    master.close();
    try (WeirClient client =
        builder().master(second.url()).deadline(Duration.ofMillis(300)).build()) {
      second.answers(plain(500, "broken"));
      assertThatThrownBy(client::topology)
          .isInstanceOf(NotReachableException.class)
          .hasMessageContaining(master.url())
          .hasMessageContaining(second.url() + " answered 500: broken");
    }
  }

  @Test
  void requestsGoOnWhileTheMastersAreAway() {
    first.answers(value("Ada"));
    try (WeirClient client = builder().build()) {
      client.topology();
      master.close();
      assertThat(client.get(KEY)).isPresent();
    }
  }

  @Test
  void aSlotWithoutALeaderIsWaitedForUntilTheDeadline() {
    master.publish(topology(2, 1, (FakeServer) null));
    try (WeirClient client = builder().deadline(Duration.ofMillis(300)).build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(NotReachableException.class)
          .hasMessageContaining("no cache server serves its slot " + KEY.slot());
    }
  }

  @Test
  void theLongPollBringsTheNextTopology() {
    AtomicReference<Long> seen = new AtomicReference<>(0L);
    try (WeirClient client = builder().watch(true).build()) {
      client.onTopology(topology -> seen.set(topology.version()));
      await().until(() -> client.knownRouting() != null);
      await()
          .until(() -> master.server.requests.stream().anyMatch(r -> r.contains("wait=30000ms")));
      master.publish(topology(2, 2, second));
      await().until(() -> seen.get() == 2L);
      second.answers(value("Ada"));
      assertThat(client.get(KEY)).isPresent();
    }
    assertThat(first.requests).isEmpty();
  }

  @Test
  void anOlderTopologyIsPassedOverUntilEveryMasterInsists() {
    master.publish(topology(5, 1, first));
    try (WeirClient client = builder().watch(true).build()) {
      await().until(() -> client.knownRouting() != null);
      master.publish(topology(2, 1, second));
      await().until(() -> client.topology().version() == 2);
      assertThat(master.server.requests.size()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void anOlderTopologyIsNotTakenOnTheWordOfOneMaster() {
    try (FakeServer confused = FakeServer.start();
        WeirClient client = WeirClient.builder().master(confused.url()).build()) {
      confused.answers(topologyAnswer(5, first), topologyAnswer(2, second), plain(304, ""));
      await().until(() -> confused.requests.size() >= 4);
      assertThat(client.topology().version()).isEqualTo(5);
    }
  }

  private static FakeServer.Answer topologyAnswer(long version, FakeServer leader) {
    return exchange ->
        FakeServer.send(
            exchange, 200, Json.MAPPER.writeValueAsString(topology(version, 1, leader)));
  }

  @Test
  void aMasterThatCannotWaitIsNotAskedInATightLoop() {
    try (FakeServer eager = FakeServer.start();
        WeirClient client = WeirClient.builder().master(eager.url()).build()) {
      eager.answers(topologyAnswer(1, first), plain(304, ""));
      await().until(() -> client.knownRouting() != null);
      await().pollDelay(Duration.ofMillis(300)).until(() -> true);
      assertThat(eager.requests.size()).isLessThan(15);
    }
  }

  @Test
  void anInterruptedCallFailsAndLeavesTheThreadInterrupted() {
    first.answers(first.hang());
    try (WeirClient client = builder().build()) {
      client.topology();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> client.get(KEY)).isInstanceOf(NotReachableException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aClosedClientSaysSo() {
    WeirClient client = builder().build();
    client.close();
    assertThatThrownBy(() -> client.get(KEY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the client is closed");
  }

  @Test
  void manyThreadsShareABoundedNumberOfConnections() {
    first.answers(value("Ada"));
    try (WeirClient client = builder().maxConnectionsPerServer(2).build();
        var executor = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      List<java.util.concurrent.Future<Optional<Entry>>> reads =
          java.util.stream.IntStream.range(0, 200)
              .mapToObj(i -> executor.submit(() -> client.get(Key.of("key-" + i))))
              .toList();
      assertThat(reads).allSatisfy(read -> assertThat(read.get()).isPresent());
    }
  }

  @Test
  void theTokenIsShownToMastersAndServers() {
    first.answers(value("Ada"));
    try (WeirClient client = builder().token(() -> "one").build()) {
      client.get(KEY);
    }
    assertThat(first.headers.getFirst()).containsEntry("Authorization", List.of("Bearer one"));
    assertThat(master.server.headers.getFirst())
        .containsEntry("Authorization", List.of("Bearer one"));
  }

  @Test
  void aTokenThatIsRefusedIsAskedForAgainAndTheRequestRepeatedOnce() {
    List<String> tokens = new ArrayList<>(List.of("old", "new", "unused"));
    first.answers(written(1), problem(401, "unauthenticated", ""), written(2));
    try (WeirClient client = builder().token(tokens::removeFirst).build()) {
      client.put(KEY, VALUE);
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(2));
    }
    assertThat(first.headers.stream().map(each -> each.get("Authorization").getFirst()))
        .containsExactly("Bearer old", "Bearer old", "Bearer new");
    assertThat(tokens).containsExactly("unused");
  }

  @Test
  void aTokenThatStaysRefusedEndsTheCall() {
    first.answers(problem(401, "unauthenticated", ""));
    List<String> tokens = new ArrayList<>(List.of("a", "b", "c"));
    try (WeirClient client = builder().token(tokens::removeFirst).build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(RejectedException.class)
          .hasMessageContaining("401")
          .hasMessageNotContaining("Bearer");
    }
    assertThat(first.requests).hasSize(2);
    first.requests.clear();
    try (WeirClient client = builder().token(() -> "same").build()) {
      assertThatThrownBy(() -> client.get(KEY)).isInstanceOf(RejectedException.class);
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void aMasterThatRefusesTheTokenIsAskedAgainWithAnother() {
    first.answers(value("Ada"));
    List<String> tokens = new ArrayList<>(List.of("old", "new"));
    FakeServer refusing = FakeServer.start();
    try (refusing;
        WeirClient client =
            WeirClient.builder()
                .master(refusing.url())
                .deadline(Duration.ofSeconds(5))
                .watch(false)
                .token(tokens::removeFirst)
                .build()) {
      refusing.answers(
          problem(401, "unauthenticated", ""),
          exchange ->
              FakeServer.send(
                  exchange, 200, Json.MAPPER.writeValueAsString(topology(1, 1, first))));
      assertThat(client.get(KEY)).isPresent();
    }
  }
}
