package io.weir.master.registry;

import static io.weir.master.registry.Registrations.node;
import static io.weir.master.registry.Registrations.shard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.RegistrationRequest;
import io.weir.model.Shard;
import io.weir.model.ShardProof;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProofsTest {

  private static final ShardProof PROOF = ShardProof.random();
  private static final long MOST = Long.MAX_VALUE;

  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration WAIT = Proofs.wait(LEASE);
  private static final Duration ALMOST = WAIT.minusSeconds(30);

  private final RegistryFixture fixture = RegistryFixture.inMemory(1, LEASE);
  private final Registry registry = fixture.registry();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aForgedClaimTakesNothingFromTheShardsOwnServers() {
    proven(node("a").showing(PROOF).leading(1, 3));
    refused(node("liar").at(7499).leading(MOST, MOST));
    refused(node("liar").at(7499).showing(ShardProof.random()).leading(1, 999_999));
    refused(node("liar").at(7499).replicating(1, 3));
    refused(node("a").at(7499).leading(1, 4));

    Shard listed = listed();
    assertThat(listed.leader()).extracting("nodeId").isEqualTo(new NodeId("a"));
    assertThat(listed.term()).isEqualTo(3);
    assertThat(listed.replicas()).isEmpty();

    registry.register(node("b").at(7402).showing(PROOF).leading(1, 4));
    assertThat(listed().leader()).extracting("nodeId").isEqualTo(new NodeId("b"));
  }

  @Test
  void theNextGenerationShowsTheSameProof() {
    proven(node("a").showing(PROOF).leading(1, 3));
    registry.register(node("b").at(7402).showing(PROOF).leading(7, 1));
    assertThat(listed().leader()).extracting("nodeId").isEqualTo(new NodeId("b"));
  }

  @Test
  void noProofStandsForAShardThatIsNew() {
    registry.register(node("a").showing(PROOF).leading(1, 1));
    fixture.passes(ALMOST);
    registry.register(node("a").showing(PROOF).leading(1, 1));
    assertThat(proof()).isNull();
    registry.register(node("b").at(7402).replicating(1, 1));
    fixture.passes(WAIT);
    registry.register(node("a").showing(PROOF).leading(1, 1));
    assertThat(proof()).isNull();
  }

  @Test
  void serversOfTheReleaseBeforeGoOnUntilAllShowAProof() {
    registry.register(node("a").leading(1, 1));
    registry.register(node("b").at(7402).replicating(1, 1));
    fixture.passes(WAIT);
    registry.register(node("b").at(7402).showing(PROOF).replicating(1, 1));
    registry.register(node("a").leading(1, 2));
    registry.register(node("c").at(7403).replicating(1, 2));
    assertThat(proof()).isNull();

    registry.register(node("a").showing(PROOF).leading(1, 2));
    assertThat(proof()).isNull();
    registry.register(node("c").at(7403).showing(PROOF).replicating(1, 2));
    assertThat(proof()).isEqualTo(PROOF.fingerprint());
    refused(node("c").at(7403).replicating(1, 2));
  }

  @Test
  void aServerThatWasSilentForALeaseStillKeepsTheProofFromStanding() {
    registry.register(node("old").leading(1, 1));
    fixture.passes(ALMOST);
    registry.sweep();
    assertThat(state("old")).isEqualTo(NodeState.DOWN);
    fixture.passes(LEASE);
    registry.register(node("a").at(7402).showing(PROOF).replicating(1, 1));
    assertThat(proof()).isNull();
    registry.register(node("old").leading(1, 1));
    assertThat(state("old")).isEqualTo(NodeState.UP);
  }

  @Test
  void aServerThatIsDownForLongDoesNotKeepTheProofFromStanding() {
    registry.register(node("old").leading(1, 1));
    fixture.passes(WAIT.plus(LEASE));
    registry.sweep();
    registry.register(node("a").at(7402).showing(PROOF).leading(1, 2));
    assertThat(proof()).isEqualTo(PROOF.fingerprint());
  }

  @Test
  void aServerThatHasLeftDoesNotKeepTheProofFromStanding() {
    registry.register(node("old").leading(1, 1));
    fixture.passes(WAIT);
    registry.deregister(new NodeId("old"));
    registry.register(node("a").at(7402).showing(PROOF).leading(1, 2));
    assertThat(proof()).isEqualTo(PROOF.fingerprint());
  }

  @Test
  void theProofOutlivesItsServers() {
    proven(node("a").showing(PROOF).leading(1, 1));
    registry.deregister(new NodeId("a"));
    refused(node("liar").at(7499).showing(ShardProof.random()).leading(2, 1));
    registry.register(node("a").showing(PROOF).leading(1, 2));
    assertThat(listed().leader()).extracting("nodeId").isEqualTo(new NodeId("a"));
  }

  @Test
  void aClaimThatShouldNotStandIsForgottenWithAllThatTheServersHaveSaid() {
    proven(node("liar").at(7499).showing(ShardProof.random()).leading(MOST, MOST));
    refused(node("a").showing(PROOF).leading(1, 3));

    assertThat(registry.forgetClaim(shard(1))).isTrue();
    assertThat(registry.current().nodes()).isEmpty();
    assertThat(listed().ranges()).isNotEmpty();
    proven(node("a").showing(PROOF).leading(1, 3));
    assertThat(listed().leader()).extracting("nodeId").isEqualTo(new NodeId("a"));
    assertThat(listed().term()).isEqualTo(3);
    assertThat(registry.forgetClaim(shard(9))).isFalse();
  }

  @Test
  void aShardGoesBackToTheReleaseBeforeServerByServer() {
    proven(node("a").showing(PROOF).leading(1, 1));
    registry.register(node("b").at(7402).showing(PROOF).replicating(1, 1));
    registry.deregister(new NodeId("b"));
    refused(node("b").at(7402).replicating(1, 1));

    registry.forgetClaim(shard(1));
    registry.register(node("a").showing(PROOF).leading(1, 1));
    registry.register(node("b").at(7402).replicating(1, 1));
    fixture.passes(WAIT);
    registry.register(node("b").at(7402).replicating(1, 1));
    registry.register(node("a").showing(PROOF).leading(1, 1));
    registry.deregister(new NodeId("a"));
    registry.register(node("a").replicating(1, 2));
    registry.register(node("b").at(7402).leading(1, 2));
    assertThat(proof()).isNull();
    assertThat(listed().leader()).extracting("nodeId").isEqualTo(new NodeId("b"));
  }

  /** Registers for as long as it takes a proof to stand. */
  private void proven(RegistrationRequest request) {
    registry.register(request);
    fixture.passes(WAIT);
    registry.register(request);
    assertThat(proof()).isEqualTo(Proofs.fingerprint(request));
  }

  private NodeState state(String node) {
    return Objects.requireNonNull(registry.current().node(new NodeId(node))).state();
  }

  private void refused(RegistrationRequest request) {
    RegistryState before = registry.current();
    assertThatExceptionOfType(ForeignShardException.class)
        .isThrownBy(() -> registry.register(request))
        .withMessageContaining("weir forget-claim " + shard(1));
    assertThat(registry.current().sameAs(before)).isTrue();
  }

  private Shard listed() {
    return TopologyView.of(registry.current(), Network.INTERNAL).shards().getFirst();
  }

  private @Nullable String proof() {
    return Objects.requireNonNull(registry.current().shard(shard(1))).proof();
  }
}
