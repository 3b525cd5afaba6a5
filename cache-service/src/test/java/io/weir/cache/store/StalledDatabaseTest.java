package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.FlushSpan;
import io.weir.model.Key;
import io.weir.model.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database whose machine takes connections and never says a word, and one that is not there. */
class StalledDatabaseTest {

  /** Time-outs of a second or so each, and a slow machine's margin; below the pool's default. */
  private static final Duration BOUND = Duration.ofSeconds(25);

  /** Connections are completed by the kernel's backlog; nothing is ever accepted or answered. */
  private ServerSocket stalled;

  @BeforeEach
  void listen() throws IOException {
    stalled = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stopListening() throws IOException {
    stalled.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:mysql://127.0.0.1:%d/d", "jdbc:h2:tcp://127.0.0.1:%d/d"})
  void aStalledDatabaseIsUnavailableWithinABound(String form) {
    assertUnavailable(form.formatted(stalled.getLocalPort()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:mysql://127.0.0.1:%d/d", "jdbc:h2:tcp://127.0.0.1:%d/d"})
  void anAbsentDatabaseIsUnavailable(String form) throws IOException {
    stopListening();

    assertUnavailable(form.formatted(stalled.getLocalPort()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdbc:mysql://127.0.0.1:%d/d", "jdbc:h2:tcp://127.0.0.1:%d/d"})
  void theStartOnAStalledDatabaseFailsWithASentence(String form) {
    DatabaseSettings settings = settings(form.formatted(stalled.getLocalPort()));

    assertThatThrownBy(() -> ShardDatabase.open(settings))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("does not answer; check weir.database.url, or start it");
  }

  @Test
  void theStartOnAnAbsentDatabaseNamesIt() throws IOException {
    stopListening();
    String url = "jdbc:mysql://127.0.0.1:" + stalled.getLocalPort() + "/d";

    assertThatThrownBy(() -> ShardDatabase.open(settings(url)))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageStartingWith("weir.database.url: the database at " + url + " does not answer");
  }

  @Test
  void whereThereIsAJournalADatabaseThatDoesNotAnswerStopsNoStart() throws IOException {
    stopListening();
    String url = "jdbc:mysql://127.0.0.1:" + stalled.getLocalPort() + "/d";

    try (ShardDatabase database = ShardDatabase.openOrWait(settings(url))) {
      assertThatThrownBy(() -> database.registry().prepare())
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("does not answer; check weir.database.url");
      // Not even where it answers by now: its tables may be another release's.
      assertThatThrownBy(() -> database.backingStore().load(Key.of("k"), FlushSpan.from(0)))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("its tables are yet to be looked at");
      Claim leader = new Claim(1, 1, new NodeId("a"));
      assertThatThrownBy(() ->
              database
                  .backingStore()
                  .flush(leader, new FlushNumber(0, 1), StoreContract.EARLIER, List.of()))
          .isInstanceOf(StoreUnavailableException.class)
          .hasMessageContaining("its tables are yet to be looked at");
    }
  }

  private static void assertUnavailable(String text) {
    DatabaseSettings settings = settings(text);
    try (ShardDatabase database = ShardDatabase.connect(settings, DatabaseUrl.parse(text))) {
      Claim leader = new Claim(1, 1, new NodeId("a"));
      assertUnavailableInTime(
          text, () -> database.backingStore().load(Key.of("k"), FlushSpan.from(0)));
      assertUnavailableInTime(
          text,
          () ->
              database
                  .backingStore()
                  .flush(leader, new FlushNumber(0, 1), StoreContract.EARLIER, List.of()));
      assertUnavailableInTime(text, () -> database.registry().readOrCreate());
    }
  }

  private static void assertUnavailableInTime(String url, ThrowingCallable call) {
    long start = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageStartingWith("the database at " + url + " does not serve: ");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BOUND);
  }

  private static DatabaseSettings settings(String url) {
    return DatabaseSettingsTest.bind(
        Map.of(
            "weir.database.url", url,
            "weir.database.username", "sa",
            "weir.database.password", "",
            "weir.database.connect-timeout", "1s",
            "weir.database.pool-timeout", "1s",
            "weir.database.socket-timeout", "1500ms",
            "weir.database.lock-timeout", "1s"));
  }
}
