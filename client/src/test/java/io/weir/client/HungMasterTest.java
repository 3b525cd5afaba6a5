package io.weir.client;

import static io.weir.client.FakeMaster.topology;
import static io.weir.client.FakeServer.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.Key;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A master that accepts, and never answers, as one does that is stopped. */
@Timeout(300)
class HungMasterTest {

  private static final Key KEY = Key.of("user:1");

  private final FakeServer server = FakeServer.start().answers(value("Ada"));
  private final FakeServer hung = FakeServer.start();
  private final FakeMaster master = new FakeMaster(topology(1, 1, server));

  @AfterEach
  void close() {
    hung.close();
    master.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isPassedOverAtOnceWhereverItStandsInTheList(boolean first) {
    hung.answers(hung.hang());
    List<String> urls =
        first ? List.of(hung.url(), master.url()) : List.of(master.url(), hung.url());
    // Which of them a client begins with is left to chance.
    for (int i = 0; i < 100 && hung.requests.isEmpty(); i++) {
      WeirClientBuilder builder = WeirClient.builder().watch(false);
      urls.forEach(builder::master);
      try (WeirClient client =
          builder.deadline(FakeMaster.DEADLINE).readTimeout(FakeMaster.DEADLINE).build()) {
        long start = System.nanoTime();
        assertThat(client.get(KEY)).isPresent();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
      }
    }
    assertThat(hung.requests).isNotEmpty();
  }

  @Test
  void isNotAskedAgainBeforeTheOtherFails() {
    hung.answers(hung.hang());
    try (WeirClient client =
        WeirClient.builder().master(hung.url()).master(master.url()).watch(false).build()) {
      for (int i = 0; i < 5; i++) {
        client.refresh();
      }
    }
    assertThat(hung.requests).hasSizeLessThanOrEqualTo(1);
  }

  @Test
  void clientsBeginWithEitherOfTwo() {
    try (FakeMaster other = new FakeMaster(topology(1, 1, server))) {
      for (int i = 0;
          i < 200 && (other.server.requests.isEmpty() || master.server.requests.isEmpty());
          i++) {
        try (WeirClient client =
            WeirClient.builder().master(master.url()).master(other.url()).watch(false).build()) {
          client.topology();
        }
      }
      assertThat(other.server.requests).isNotEmpty();
      assertThat(master.server.requests).isNotEmpty();
    }
  }
}
