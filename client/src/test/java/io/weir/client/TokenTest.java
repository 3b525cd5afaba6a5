package io.weir.client;

import static io.weir.client.FakeMaster.topology;
import static io.weir.client.FakeServer.problem;
import static io.weir.client.FakeServer.value;
import static io.weir.client.FakeServer.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.model.Key;
import io.weir.model.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client does with its token. */
class TokenTest {

  private static final Key KEY = Key.of("user:1");
  private static final byte[] VALUE = "Ada".getBytes(UTF_8);

  private final FakeServer first = FakeServer.start();
  private final FakeMaster master = new FakeMaster(topology(1, 1, first));

  @AfterEach
  void close() {
    master.close();
    first.close();
  }

  @Test
  void theTokenIsShownToMastersAndServers() {
    first.answers(value("Ada"));
    try (WeirClient client = master.clientBuilder().token(() -> "one").build()) {
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
    try (WeirClient client = master.clientBuilder().token(tokens::removeFirst).build()) {
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
    try (WeirClient client = master.clientBuilder().token(tokens::removeFirst).build()) {
      assertThatThrownBy(() -> client.get(KEY))
          .isInstanceOf(RejectedException.class)
          .hasMessageContaining("401")
          .hasMessageNotContaining("Bearer");
    }
    assertThat(first.requests).hasSize(2);
    first.requests.clear();
    try (WeirClient client = master.clientBuilder().token(() -> "same").build()) {
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
                .deadline(FakeMaster.DEADLINE)
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
