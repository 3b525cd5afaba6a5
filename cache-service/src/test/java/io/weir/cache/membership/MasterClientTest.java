package io.weir.cache.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.model.NodeId;
import io.weir.model.RegistrationRequest;
import io.weir.model.TokenFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterClientTest {

  private final FakeMaster first = new FakeMaster();
  private final FakeMaster second = new FakeMaster();
  private final RegistrationRequest request = Registrations.of("cache-1");

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  @Test
  void aRegistrationArrivesAsItWasSent() {
    first.version = 7;
    assertThat(client(first).register(request).topologyVersion()).isEqualTo(7);
    assertThat(first.registrations).containsExactly(request);
    assertThat(client(first).topology().version()).isEqualTo(7);
    client(first).deregister(new NodeId("cache-1"));
    assertThat(first.deregistrations).containsExactly(new NodeId("cache-1"));
  }

  @Test
  void aMasterThatDoesNotAnswerIsPassedOverFromThenOn() {
    MasterClient client = client(first, second);
    client.register(request);
    first.close();
    client.register(request);
    client.register(request);
    assertThat(first.registrations).hasSize(1);
    assertThat(second.registrations).hasSize(2);

    second.close();
    assertThatThrownBy(() -> client.register(request))
        .isInstanceOf(MasterUnreachableException.class)
        .hasMessageContaining(first.url().toString())
        .hasMessageContaining(second.url().toString())
        .hasMessageContaining("connection refused");
  }

  @Test
  void aNameWithAnUnderscoreIsLookedUpLikeAnyOther() {
    List<URI> urls = List.of(URI.create("http://weir_master.invalid:7400"));
    assertThatThrownBy(() -> new MasterClient(settings(urls), null, null, 0).register(request))
        .isInstanceOf(MasterUnreachableException.class)
        .hasMessageContaining("weir_master.invalid");
  }

  @Test
  void aMasterThatStallsIsGivenUpWithinTheTimeout() {
    first.gate = new CountDownLatch(1);
    List<URI> urls = List.of(first.url(), second.url());
    new MasterClient(settings(urls, Duration.ofSeconds(3)), null, null, 0).register(request);
    assertThat(second.registrations).hasSize(1);
  }

  /** One that is stopped accepts, and never answers, and its connections stay open. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aMasterThatHangsCostsLessThanAQuarterOfTheLease(int hung) {
    first.leaseMillis = 6_000;
    second.leaseMillis = 6_000;
    FakeMaster hangs = hung == 0 ? first : second;
    FakeMaster answers = hung == 0 ? second : first;
    MasterClient client =
        new MasterClient(settings(List.of(first.url(), second.url())), null, null, hung);
    client.register(request);
    assertThat(hangs.registrations).hasSize(1);

    hangs.gate = new CountDownLatch(1);
    long start = System.nanoTime();
    client.register(request);
    // Asked after an eighth, with three more of them until the lease that was renewed is over.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    assertThat(answers.registrations).hasSize(1);

    client.register(request);
    assertThat(hangs.registrations).hasSize(2);
    assertThat(answers.registrations).hasSize(2);
  }

  /** One address may stand for several masters, of which one hangs. */
  @Test
  void oneAddressIsAskedOnceMoreByAnotherConnection() {
    first.leaseMillis = 6_000;
    MasterClient client = client(first);
    client.register(request);
    CountDownLatch gate = new CountDownLatch(1);
    first.gate = gate;
    first.arrived =
        () -> {
          if (first.registrations.size() == 3) {
            first.gate = new CountDownLatch(0);
          }
        };
    client.register(request);
    assertThat(first.registrations).hasSize(3);
    gate.countDown();
  }

  @Test
  void aRefusalSaysHowLongAnotherOfTheNameHasALease() {
    first.refusal = 409;
    first.more = ", \"leaseMillis\": 1234";
    assertThatThrownBy(() -> client(first).register(request))
        .isInstanceOfSatisfying(
            RegistrationRefusedException.class,
            e -> assertThat(e.lease()).isEqualTo(Duration.ofMillis(1234)));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 409})
  void aRefusalIsTheMastersSentence(int status) {
    first.refusal = status;
    first.detail = "Node cache-2 holds the shard.";
    assertThatThrownBy(() -> client(first, second).register(request))
        .isInstanceOf(RegistrationRefusedException.class)
        .hasMessage("Node cache-2 holds the shard.");
    assertThat(second.registrations).isEmpty();
  }

  @Test
  void aRefusalWithoutASentenceIsItsStatus() {
    first.refusal = 409;
    first.detail = null;
    assertThatThrownBy(() -> client(first).register(request))
        .isInstanceOf(RegistrationRefusedException.class)
        .hasMessageContaining("409");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 408, 429, 500, 503})
  void anyOtherFailureIsNoRefusal(int status) {
    first.refusal = status;
    client(first, second).register(request);
    assertThat(second.registrations).hasSize(1);
    assertThatThrownBy(() -> client(first).register(request))
        .isInstanceOf(MasterUnreachableException.class)
        .hasMessageContaining("" + status);
  }

  @Test
  void aMasterThatCannotTakeItNowSaysWhy() {
    first.refusal = 503;
    first.detail = "The registry is empty.";
    assertThatThrownBy(() -> client(first).register(request))
        .isInstanceOf(MasterUnreachableException.class)
        .hasMessageEndingWith(": 503: The registry is empty.");
  }

  @Test
  void anAnswerThatIsNoneOfAMastersIsNone() {
    first.refusal = 200;
    first.detail = null;
    client(first, second).register(request);
    assertThat(second.registrations).hasSize(1);
  }

  @Test
  void theTokenIsShownAndTakenAnewFromItsFile(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "first-token\n");
    MasterClient client =
        new MasterClient(settings(List.of(first.url())), TokenFile.open(file), null);
    client.register(request);
    Files.writeString(file, "second-token\n");
    client.register(request);
    Files.delete(file);
    client.register(request);
    assertThat(first.authorizations)
        .containsExactly("Bearer first-token", "Bearer second-token", "Bearer second-token");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void aTokenThatIsRefusedIsNamedByItsSetting(int status, @TempDir Path directory)
      throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "the-token\n");
    first.refusal = status;
    first.detail = "The token is not known here.";
    MasterClient shows =
        new MasterClient(settings(List.of(first.url())), TokenFile.open(file), null);
    assertThatThrownBy(() -> shows.register(request))
        .isInstanceOf(MasterUnreachableException.class)
        .hasMessageContaining("refuses the token of weir.master.token-file (" + file + ")")
        .hasMessageContaining("The token is not known here.")
        .hasMessageNotContaining("the-token");
    assertThatThrownBy(() -> client(first).register(request))
        .hasMessageContaining("weir.master.token-file is not set");
  }

  private static MasterAccessSettings settings(List<URI> urls) {
    return settings(urls, Duration.ofMinutes(1));
  }

  private static MasterAccessSettings settings(List<URI> urls, Duration timeout) {
    return new MasterAccessSettings(urls, timeout, null, new MasterAccessSettings.Ssl(null));
  }

  private static MasterClient client(FakeMaster... masters) {
    List<URI> urls = List.of(masters).stream().map(FakeMaster::url).toList();
    return new MasterClient(settings(urls), null, null, 0);
  }
}
