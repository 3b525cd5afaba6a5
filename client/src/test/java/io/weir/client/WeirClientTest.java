package io.weir.client;

import static io.weir.client.FakeMaster.jumpsOnce;
import static io.weir.client.FakeMaster.leaves;
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
import io.weir.testing.FreePorts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WeirClientTest {

  private static final Key KEY = Key.of("user:1");
  private static final byte[] VALUE = "Ada".getBytes(UTF_8);

  /** One nanosecond less than what an attempt needs. */
  private static final Duration TOO_LITTLE = Duration.ofMillis(10).minusNanos(1);

  private final FakeServer first = FakeServer.start();
  private final FakeServer second = FakeServer.start();
  private final FakeMaster master = new FakeMaster(topology(1, 1, first));

  @AfterEach
  void close() {
    master.close();
    first.close();
    second.close();
  }

  @Test
  void readsAnEntryWithItsMetadata() {
    first.answers(value("Ada"));
    try (WeirClient client = master.clientBuilder().build()) {
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
    try (WeirClient client = master.clientBuilder().build()) {
      assertThat(client.get(KEY)).isEmpty();
    }
  }

  @Test
  void aNotFoundThatIsNotWeirsIsNoMissingEntry() {
    first.answers(plain(404, "<html>nothing here</html>"));
    try (WeirClient client = master.clientBuilder().build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(RejectedException.class)
          .hasMessageContaining("404: <html>nothing here</html>");
    }
  }

  @Test
  void writesWithAllThatTheOptionsAskFor() {
    first.answers(written(9));
    try (WeirClient client = master.clientBuilder().build()) {
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
    try (WeirClient client = master.clientBuilder().build()) {
      client.put(KEY, VALUE, WriteOptions.DEFAULT.onlyIfAbsent());
      client.delete(KEY);
    }
    assertThat(first.headers.getFirst()).containsEntry("If-none-match", List.of("*"));
    assertThat(first.requests).containsExactly("PUT /kv/user:1", "DELETE /kv/user:1");
  }

  @Test
  void aHeaderCannotBeSmuggledIn() {
    first.answers(written(9));
    try (WeirClient client = master.clientBuilder().build()) {
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
    try (WeirClient client = master.clientBuilder().build()) {
      for (int i = 0; i < 20; i++) {
        Key key = Key.of("key-" + i);
        String expected = key.slot() < 8192 ? "first" : "second";
        assertThat(new String(client.get(key).orElseThrow().value(), UTF_8)).isEqualTo(expected);
      }
    }
  }

  @Test
  void locatesAKeyByTheTopology() {
    try (WeirClient client = master.clientBuilder().build()) {
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
    try (WeirClient client = master.clientBuilder().build()) {
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(3));
    }
    assertThat(first.requests).hasSize(1);
    assertThat(second.requests).hasSize(1);
  }

  @Test
  void followsAHigherTermThatTheMasterDoesNotKnowYet() {
    second.answers(written(3));
    first.answers(movedTo(second, 2, 1));
    try (WeirClient client = master.clientBuilder().build()) {
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(3));
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void doesNotFollowAServerThatKnowsLessThanTheMaster() {
    second.answers(written(4));
    first.answers(movedTo(second, 1, 1), movedTo(second, 1, 1), written(3));
    try (WeirClient client = master.clientBuilder().build()) {
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(3));
    }
    assertThat(second.requests).isEmpty();
  }

  @Test
  void doesNotFollowAnInternalAddressFromOutside() {
    second.answers(written(4));
    first.answers(movedTo(second, 2, 2), written(3));
    try (WeirClient client = master.clientBuilder().network(Network.EXTERNAL).build()) {
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(3));
    }
    assertThat(master.server.requests.getFirst()).isEqualTo("GET /caches?network=external");
  }

  @Test
  void serversThatPointAtEachOtherAreAskedWithBackOffUntilTheDeadline() {
    first.answers(movedTo(second, 5, 5));
    second.answers(movedTo(first, 5, 5));
    long start = System.nanoTime();
    try (WeirClient client =
        master
            .clientBuilder()
            .nanoClock(jumpsOnce(() -> first.requests.size() + second.requests.size() >= 8))
            .build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(NotReachableException.class)
          .hasMessageContaining("421: because");
    }
    assertThat(first.requests.size() + second.requests.size()).isEqualTo(8);
    // Each round asks both, with at least 12.5, 25 and 50 ms between the rounds.
    assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofMillis(87).toNanos());
  }

  @Test
  void nothingIsSentThatTheDeadlineLeavesNoTimeFor() {
    first.answers(movedTo(second, 5, 5));
    second.answers(written(1));
    WeirClientBuilder builder =
        master.clientBuilder().nanoClock(leaves(TOO_LITTLE, () -> !first.requests.isEmpty()));
    try (WeirClient client = builder.build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(NotReachableException.class)
          .hasMessageContaining("421: because");
    }
    first.requests.clear();
    try (WeirClient client = builder.build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(NotReachableException.class)
          .hasMessageContaining("421: because");
    }
    assertThat(second.requests).isEmpty();
  }

  @Test
  void aCallWhoseTimeWentIntoTheTopologyIsNotSentAtAll() {
    first.answers(written(1));
    try (WeirClient client =
        master
            .clientBuilder()
            .nanoClock(leaves(TOO_LITTLE, () -> !master.server.requests.isEmpty()))
            .build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessage("PUT 'user:1': too little time is left to ask a server");
    }
    assertThat(first.requests).isEmpty();
  }

  @Test
  void aDeadlineLeavesTimeUpToItsLastNanosecond() {
    long[] now = {0};
    Deadline deadline = Deadline.after(Duration.ofMillis(15), () -> now[0]);
    now[0] = 5_000_000;
    assertThat(deadline.leaves(Duration.ofMillis(10))).isTrue();
    now[0]++;
    assertThat(deadline.leaves(Duration.ofMillis(10))).isFalse();
  }

  @Test
  void aRefusedConnectionIsTriedAgainUntilTheServerIsUp() {
    int port = FreePorts.next();
    try (FakeServer away = FakeServer.startOn(port)) {
      master.publish(topology(2, 1, away));
    }
    CompletableFuture<FakeServer> restarted = new CompletableFuture<>();
    try (WeirClient client = master.clientBuilder().build()) {
      Thread.ofVirtual()
          .start(() -> {
            await().until(() -> master.server.requests.size() >= 3);
            restarted.complete(FakeServer.startOn(port, written(5)));
          });
      assertThat(client.put(KEY, VALUE).version()).isEqualTo(new Version(5));
    } finally {
      restarted.join().close();
    }
  }

  @Test
  void aRefusedConnectionUntilTheDeadlineNamesTheServer() {
    first.close();
    try (WeirClient client =
        master
            .clientBuilder()
            .nanoClock(jumpsOnce(() -> master.server.requests.size() >= 3))
            .build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(NotReachableException.class)
          .hasMessage("PUT 'user:1': cannot connect to " + first.url() + ": connection refused");
    }
  }

  @Test
  void aReadThatTimesOutIsRepeated() {
    first.answers(first.hang(), value("Ada"));
    try (WeirClient client = master.clientBuilder().readTimeout(Duration.ofMillis(250)).build()) {
      assertThat(client.get(KEY)).isPresent();
    }
    // More than two where a busy machine lets the second time out too.
    assertThat(first.requests).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void aReadThatAlwaysTimesOutEndsAtTheDeadline() {
    first.answers(first.hang());
    try (WeirClient client =
        master
            .clientBuilder()
            .readTimeout(Duration.ofSeconds(2)) // Enough to connect in, on any machine.
            .nanoClock(jumpsOnce(() -> first.requests.size() >= 2))
            .build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining(first.url() + " did not answer in time");
    }
  }

  @Test
  void aWriteThatTimesOutIsAmbiguousAndNotRepeated() {
    first.answers(first.hang(), written(2));
    try (WeirClient client =
        master
            .clientBuilder()
            .nanoClock(leaves(Duration.ofSeconds(1), () -> !master.server.requests.isEmpty()))
            .build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(AmbiguousOutcomeException.class)
          .hasMessageContaining("it may have been applied");
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void aWriteWhoseConnectionBreaksIsAmbiguousAndNotRepeated() {
    first.answers(drop(), written(2));
    try (WeirClient client = master.clientBuilder().build()) {
      assertThatThrownBy(() -> client.delete(KEY)).isInstanceOf(AmbiguousOutcomeException.class);
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void anAmbiguousWriteIsRepeatedWhereTheCallerAllowsIt() {
    first.answers(drop(), written(2));
    try (WeirClient client = master.clientBuilder().build()) {
      client.put(KEY, VALUE, WriteOptions.DEFAULT.repeatingWhenAmbiguous());
    }
    assertThat(first.requests).hasSize(2);
  }

  @Test
  void aFailedConditionAfterAnAmbiguousAttemptIsAmbiguous() {
    first.answers(drop(), problem(412, "precondition-failed", ""));
    WriteOptions options = WriteOptions.DEFAULT.onlyIfAbsent().repeatingWhenAmbiguous();
    try (WeirClient client = master.clientBuilder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE, options))
          .isInstanceOf(AmbiguousOutcomeException.class);
    }
  }

  @Test
  void aFailedConditionSaysSo() {
    first.answers(problem(412, "precondition-failed", ""));
    try (WeirClient client = master.clientBuilder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE, WriteOptions.DEFAULT.onlyIfAbsent()))
          .isInstanceOf(PreconditionFailedException.class)
          .hasMessageContaining("because");
    }
  }

  @Test
  void aWriteIsRepeatedAfterAServersOwn503() {
    first.answers(problem(503, "too-much-dirty", ""), written(2));
    try (WeirClient client = master.clientBuilder().build()) {
      client.put(KEY, VALUE);
    }
    assertThat(first.requests).hasSize(2);
  }

  @Test
  void a503OfSomethingInBetweenMakesAWriteAmbiguous() {
    first.answers(plain(503, "upstream reset"), written(2));
    try (WeirClient client = master.clientBuilder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(AmbiguousOutcomeException.class)
          .hasMessageContaining("upstream reset");
    }
  }

  @Test
  void a503ThatLastsLongerThanTheDeadlineIsReportedAtOnce() {
    first.answers(exchange -> {
      exchange.getResponseHeaders().set("Retry-After", "3600");
      problem(503, "store-unavailable", "").to(exchange);
    });
    try (WeirClient client = master.clientBuilder().build()) {
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
    try (WeirClient client = master.clientBuilder().build()) {
      assertThatThrownBy(() -> client.put(KEY, VALUE))
          .isInstanceOf(RejectedException.class)
          .hasMessage("PUT 'user:1': " + first.url() + " answered 413: because");
    }
    assertThat(first.requests).hasSize(1);
  }

  @Test
  void anAnswerAboveTheBoundIsRefused() {
    first.answers(value("x".repeat(5_000)));
    try (WeirClient client = master.clientBuilder().maxResponseBytes(4_096).build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(UnexpectedAnswerException.class)
          .hasMessageContaining("more than 4096 bytes");
    }
  }

  @Test
  void anInterruptedCallFailsAndLeavesTheThreadInterrupted() {
    first.answers(first.hang());
    try (WeirClient client = master.clientBuilder().build()) {
      client.topology();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> client.get(KEY)).isInstanceOf(NotReachableException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aClosedClientSaysSo() {
    WeirClient client = master.clientBuilder().build();
    client.close();
    assertThatThrownBy(() -> client.get(KEY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the client is closed");
  }

  @Test
  void manyThreadsShareABoundedNumberOfConnections() {
    first.answers(value("Ada"));
    try (WeirClient client = master.clientBuilder().maxConnectionsPerServer(2).build();
        var executor = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      List<java.util.concurrent.Future<Optional<Entry>>> reads =
          java.util.stream.IntStream.range(0, 200)
              .mapToObj(i -> executor.submit(() -> client.get(Key.of("key-" + i))))
              .toList();
      assertThat(reads).allSatisfy(read -> assertThat(read.get()).isPresent());
    }
  }
}
