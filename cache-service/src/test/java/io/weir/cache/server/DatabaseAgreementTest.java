package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.store.OtherDatabaseException;
import io.weir.model.DatabaseServer;
import io.weir.model.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DatabaseAgreementTest {

  private static final NodeId LEADER = new NodeId("leader");
  private static final NodeId OTHER = new NodeId("other");
  private static final DatabaseServer A = new DatabaseServer("a");
  private static final DatabaseServer B = new DatabaseServer("b");
  private static final DatabaseServer C = new DatabaseServer("c");

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L);
  private final DatabaseAgreement agreement = new DatabaseAgreement(clock::get);

  /** As a replica is told. */
  private void leaderSees(@Nullable DatabaseServer server) {
    Map<NodeId, @Nullable DatabaseServer> servers = new HashMap<>();
    servers.put(LEADER, server);
    servers.put(OTHER, C);
    agreement.hears(new DatabaseAgreement.Told(false, LEADER, servers));
  }

  /** As a leader is told. */
  private void replicaSees(@Nullable DatabaseServer server) {
    Map<NodeId, @Nullable DatabaseServer> servers = new HashMap<>();
    servers.put(OTHER, server);
    agreement.hears(new DatabaseAgreement.Told(true, null, servers));
  }

  private void after(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private void loads() {
    assertThatCode(agreement::requireSame).doesNotThrowAnyException();
  }

  private void loadsNothing() {
    assertThatThrownBy(agreement::requireSame)
        .isInstanceOf(OtherDatabaseException.class)
        .hasMessageContaining("its leader leader has another one: a");
    assertThat(agreement.differs()).isTrue();
  }

  @Test
  void whatNoMasterTellsAnyMoreBeginsNoDifferenceAndMayEndOne() {
    agreement.sees(A);
    leaderSees(A);
    agreement.hearsNothing();
    agreement.sees(B); // All of them fail over while the masters are away.
    after(DatabaseAgreement.PATIENCE);
    loads();
    assertThat(agreement.wantsNewSessions()).isFalse();

    leaderSees(A);
    after(DatabaseAgreement.PATIENCE);
    loadsNothing();
    agreement.hearsNothing();
    agreement.sees(B);
    loadsNothing();
    agreement.sees(A);
    loads();
  }

  @Test
  void aReplicaOfTheSameDatabaseLoads() {
    agreement.sees(A);
    leaderSees(A);
    after(Duration.ofHours(1));
    loads();
    assertThat(agreement.differs()).isFalse();
    assertThat(agreement.wantsNewSessions()).isFalse();
  }

  @Test
  void aReplicaOfAnotherMakesNewSessionsAndLoadsNothingAfterHalfAMinuteUntilItSeesTheSame() {
    agreement.sees(B);
    leaderSees(A);
    assertThat(agreement.differs()).isTrue();
    assertThat(agreement.wantsNewSessions()).isTrue();
    after(Duration.ofSeconds(29));
    leaderSees(A);
    loads();

    after(Duration.ofSeconds(1));
    loadsNothing();
    assertThat(agreement.wantsNewSessions()).isTrue();
    agreement.sees(C);
    loadsNothing();

    agreement.sees(A);
    loads();
    assertThat(agreement.differs()).isFalse();
    assertThat(agreement.wantsNewSessions()).isFalse();
  }

  @Test
  void orUntilItsLeaderComesToSeeWhatItSees() {
    agreement.sees(B);
    leaderSees(A);
    after(Duration.ofMinutes(1));
    loadsNothing();
    leaderSees(B);
    loads();
  }

  @Test
  void aDifferenceThatComesBackBeginsAnew() {
    agreement.sees(B);
    leaderSees(A);
    after(Duration.ofSeconds(20));
    leaderSees(B);
    leaderSees(A);
    after(Duration.ofSeconds(20));
    loads();
    after(Duration.ofSeconds(10));
    loadsNothing();
  }

  @Test
  void aLeaderGoesOnAndMakesNewSessionsForHalfAMinute() {
    agreement.sees(A);
    replicaSees(B);
    assertThat(agreement.wantsNewSessions()).isTrue();
    after(Duration.ofSeconds(30));
    assertThat(agreement.wantsNewSessions()).isFalse();
    loads();
    assertThat(agreement.differs()).isFalse();

    replicaSees(C);
    assertThat(agreement.wantsNewSessions()).isTrue();
    replicaSees(A);
    assertThat(agreement.wantsNewSessions()).isFalse();
  }

  @Test
  void whatIsUnknownDiffersFromNothing() {
    leaderSees(A);
    assertThat(agreement.wantsNewSessions()).isFalse();
    agreement.sees(B);
    leaderSees(null);
    replicaSees(null);
    after(Duration.ofHours(1));
    leaderSees(null);
    loads();
    assertThat(agreement.differs()).isFalse();
    assertThat(agreement.wantsNewSessions()).isFalse();
  }

  @Test
  void whileNoLeaderIsKnownThingsStayAsTheyAre() {
    agreement.sees(B);
    leaderSees(A);
    after(Duration.ofMinutes(1));
    agreement.hears(new DatabaseAgreement.Told(false, null, Map.of()));
    agreement.hears(new DatabaseAgreement.Told(false, LEADER, Map.of()));
    loadsNothing();
  }

  @Test
  void theRuleFollowsTheRole() {
    agreement.sees(B);
    leaderSees(A);
    after(Duration.ofMinutes(1));
    loadsNothing();

    replicaSees(A);
    loads();
    assertThat(agreement.differs()).isFalse();
    leaderSees(A);
    loadsNothing();
  }
}
