package io.weir.cache.journal.raft;

import static io.weir.cache.journal.raft.TestMember.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Reign;
import io.weir.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members in one process, over real connections on loopback. */
class RaftGroupTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final long NO_SNAPSHOT = 1L << 40;

  @TempDir Path directory;
  private final List<TestMember> members = new ArrayList<>();

  @AfterEach
  void close() {
    members.forEach(TestMember::close);
  }

  @Test
  void whatTheLeaderAppendsReachesAllAndReplicasReadIt() {
    TestMember leader = group(NO_SNAPSHOT);
    leader.put("a", 1);
    for (TestMember member : members) {
      member.journal.readIndex().orTimeout(2, TimeUnit.MINUTES).join();
      assertThat(member.dirty.versionOf("a")).isEqualTo(1);
      assertThat(member.journal.status().members().voters()).hasSize(3);
      assertThat(member.journal.status().leader()).isEqualTo(leader.member());
    }
    await().atMost(LONG).until(() -> leader.journal.lease().isValid());
    await().atMost(LONG).until(() -> leader.journal.status().alive().size() == 3);
  }

  @Test
  void whoReplaysTheTimeOfALoneLeaderDropsWhatThatHasLeftClean() {
    TestMember leader = group(NO_SNAPSHOT);
    leader.put("a", 1);
    members.forEach(member -> member.awaitVersion("a", 1));
    for (TestMember member : members) {
      assertThat(member.dirty.cleanDrops()).isEqualTo(member == leader ? 0 : 1);
    }
  }

  @Test
  void aReplicaAsksTheLeaderBesideTheLog() {
    TestMember leader = group(NO_SNAPSHOT);
    TestMember replica = members.stream().filter(member -> member != leader).findFirst().get();
    assertThat(ask(replica, leader, 0)).isEmpty();
    byte[] large = new byte[200_000];
    leader.journal.answerWith(part -> part == 0 ? large : new byte[] {(byte) part});
    assertThat(ask(replica, leader, 0)).hasSize(large.length);
    assertThat(ask(replica, leader, 7)).containsExactly(7);
    leader.put("a", 1); // The link goes on carrying the log.
    replica.awaitVersion("a", 1);

    stop(leader);
    assertThat(replica.journal.ask(leader.member(), 0))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(JournalException.Refused.class);
  }

  private static byte[] ask(TestMember asking, TestMember asked, int part) {
    return asking.journal.ask(asked.member(), part).orTimeout(2, TimeUnit.MINUTES).join();
  }

  @Test
  void anotherLeadsWhenTheLeaderIsGoneAndItsEpochIsLarger() {
    TestMember first = group(NO_SNAPSHOT);
    Reign before = first.awaitReign();
    first.put("a", 1);
    stop(first);
    TestMember second = awaitLeader();
    second.put("b", 2);
    assertThat(second.dirty.versionOf("a")).isEqualTo(1);
    assertThat(second.awaitReign().term()).isGreaterThan(before.term());
    assertThat(second.awaitReign().epoch()).isGreaterThan(before.epoch());
  }

  @Test
  void withoutAMajorityNothingIsAcknowledgedAndTheLeaseEnds() {
    TestMember leader = group(NO_SNAPSHOT);
    Reign reign = leader.awaitReign();
    await().atMost(LONG).until(() -> leader.journal.lease().isValid());
    for (TestMember member : List.copyOf(members)) {
      if (member != leader) {
        stop(member);
      }
    }
    CompletableFuture<?> append = leader.journal.under(reign).append(List.of(written("a", 1)));
    await().atMost(LONG).until(() -> !leader.journal.lease().isValid());
    await().atMost(LONG).until(append::isCompletedExceptionally);
    await().atMost(LONG).until(() -> leader.stopped.contains(reign));
    assertThat(append.handle((_, failure) -> failure).join())
        .isInstanceOf(JournalException.OutcomeOpen.class);
    assertThat(leader.dirty.versionOf("a")).isZero();
  }

  @Test
  void aRefusedHandOverLeavesTheLeaderItsLease() {
    TestMember leader = group(NO_SNAPSHOT);
    leader.put("a", 1);
    await().atMost(LONG).until(() -> leader.journal.lease().isValid());
    Reign before = leader.awaitReign();
    assertThat(leader.journal.transferLeadership(new Member("127.0.0.1", 9, 9)))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(JournalException.Refused.class);
    await().atMost(LONG).until(() -> leader.journal.lease().isValid());
    assertThat(leader.awaitReign()).isEqualTo(before);
  }

  @Test
  void aChangeOfMembersThatIsNoneIsRefused() {
    TestMember leader = group(NO_SNAPSHOT);
    TestMember other = members.stream().filter(member -> member != leader).findFirst().get();
    assertThat(leader.journal.addMember(other.member()))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(JournalException.Refused.class);
    assertThat(leader.journal.removeMember(new Member("127.0.0.1", 9, 9))).failsWithin(LONG);
  }

  @Test
  void leadershipIsHandedOverAndTheLeaseIsGoneBefore() {
    TestMember first = group(NO_SNAPSHOT);
    first.put("a", 1);
    await().atMost(LONG).until(() -> first.journal.lease().isValid());
    Reign before = first.awaitReign();
    TestMember successor = members.stream().filter(member -> member != first).findFirst().get();
    CompletableFuture<?> asked = first.journal.transferLeadership(successor.member());
    assertThat(first.journal.lease().isValid()).isFalse();
    assertThat(asked).succeedsWithin(LONG);
    await().atMost(LONG).until(successor::leads);
    successor.put("b", 2);
    await().atMost(LONG).until(() -> first.stopped.contains(before));
    assertThat(first.journal.under(before).append(List.of(written("c", 3))))
        .failsWithin(LONG)
        .withThrowableThat()
        .withCauseInstanceOf(JournalException.class);
  }

  @Test
  void ofTwoMembersOneGoesOnAloneOnceTheOtherIsRemoved() {
    TestMember leader = member("one", RaftJournal.Beginning.FOUND, NO_SNAPSHOT);
    TestMember other = member("two", RaftJournal.Beginning.WAIT, NO_SNAPSHOT);
    add(leader, other.member());
    leader.put("a", 1);
    join(leader.journal.removeMember(other.member()));
    stop(other);
    leader.put("b", 2);
    assertThat(leader.journal.status().members().voters()).containsExactly(leader.member());
    await().atMost(LONG).until(() -> leader.journal.lease().isValid());
    assertThat(leader.reigns).as("it has led all along").hasSize(1);
  }

  @Test
  void aMemberThatMissedTheLogCatchesUpBySnapshot() {
    TestMember leader = group(30_000);
    TestMember slow = members.stream().filter(member -> member != leader).findFirst().get();
    RaftSettings settings = settingsOf(slow, 30_000);
    stop(slow);
    for (int i = 1; i <= 2_000; i++) {
      leader.append(written("k" + i % 50, i));
    }
    leader.put("last", 9_999);
    await().atMost(LONG).until(() -> snapshots(leader) > 0);
    leader.put("after", 10_000);
    TestMember back = TestMember.start(settings, RaftJournal.Beginning.WAIT);
    members.add(back);
    assertThat(back.member()).isEqualTo(slow.member());
    back.awaitVersion("after", 10_000);
    assertThat(back.dirty.size()).isEqualTo(leader.dirty.size());
    assertThat(back.dirty.versionOf("k7")).isEqualTo(leader.dirty.versionOf("k7"));
  }

  @Test
  void aWipedMemberComesBackAsAnotherOneAndIsAddedAnew() {
    TestMember leader = group(NO_SNAPSHOT);
    leader.put("a", 1);
    TestMember lost = members.stream().filter(member -> member != leader).findFirst().get();
    int port = lost.member().port();
    stop(lost);
    TestMember wiped =
        TestMember.start(
            TestMember.settings(directory.resolve("wiped"), port, NO_SNAPSHOT),
            RaftJournal.Beginning.WAIT);
    members.add(wiped);
    assertThat(wiped.member().isSameServerAs(lost.member())).isTrue();
    assertThat(wiped.member()).isNotEqualTo(lost.member());
    leader.put("b", 2);
    assertThat(wiped.dirty.size()).isZero();
    join(leader.journal.removeMember(lost.member()));
    add(leader, wiped.member());
    wiped.awaitVersion("b", 2);
    assertThat(leader.journal.status().members().voters())
        .contains(wiped.member())
        .doesNotContain(lost.member());
    assertThat(wiped.dirty.versionOf("a")).isEqualTo(1);
  }

  @Test
  void aLearnerFollowsWithoutAVote() {
    TestMember leader = member("one", RaftJournal.Beginning.FOUND, NO_SNAPSHOT);
    leader.put("a", 1);
    TestMember learner = member("two", RaftJournal.Beginning.WAIT, NO_SNAPSHOT);
    join(leader.journal.addLearner(learner.member()));
    learner.awaitVersion("a", 1);
    await()
        .atMost(LONG)
        .until(() ->
            leader.journal.status().members().learners().equals(List.of(learner.member()))
                && learner.journal.status().members().voters().size() == 1);
    stop(learner);
    leader.put("b", 2);
    join(leader.journal.removeMember(learner.member()));
    await().atMost(LONG).until(() -> leader.journal.status().members().learners().isEmpty());
  }

  @Test
  void whoJoinsALoneMemberThatHasMovedHasAllOfItsLogAndCanLead() {
    TestMember founder = member("one", RaftJournal.Beginning.FOUND, NO_SNAPSHOT);
    founder.put("a", 1);
    Member old = founder.member();
    stop(founder);
    Member address = new Member("127.0.0.1", FreePorts.next(), 1);
    Path path = directory.resolve("one");
    RaftDirectory.move(path, TestMember.GROUP, old, address, List.of(old.toString()));
    TestMember moved =
        TestMember.start(
            TestMember.settings(path, address.port(), NO_SNAPSHOT), RaftJournal.Beginning.WAIT);
    members.add(moved);
    moved.awaitReign();

    TestMember joiner = member("two", RaftJournal.Beginning.WAIT, NO_SNAPSHOT);
    add(moved, joiner.member());
    moved.put("b", 2);
    joiner.awaitVersion("b", 2);
    assertThat(joiner.dirty.versionOf("a")).isEqualTo(1);
    assertThat(joiner.journal.status().members().voters())
        .containsExactlyInAnyOrder(moved.member(), joiner.member());
    join(moved.journal.transferLeadership(joiner.member()));
    await().atMost(LONG).until(joiner::leads);
    joiner.put("c", 3);
    moved.awaitVersion("c", 3);
  }

  @Test
  void aMemberWithoutAGroupWaits() {
    TestMember lone = member("one", RaftJournal.Beginning.WAIT, NO_SNAPSHOT);
    await()
        .during(TestMember.ELECTION_TIMEOUT.multipliedBy(2))
        .until(() -> lone.journal.status().role() == JournalStatus.Role.FOLLOWER && !lone.leads());
  }

  private TestMember group(long snapshotAfterBytes) {
    TestMember founder = member("one", RaftJournal.Beginning.FOUND, snapshotAfterBytes);
    founder.awaitReign();
    for (String name : List.of("two", "three")) {
      Member joiner = member(name, RaftJournal.Beginning.WAIT, snapshotAfterBytes).member();
      add(founder, joiner);
    }
    return founder;
  }

  private TestMember member(String name, RaftJournal.Beginning beginning, long snapshotAfterBytes) {
    TestMember member =
        TestMember.start(
            TestMember.settings(directory.resolve(name), FreePorts.next(), snapshotAfterBytes),
            beginning);
    members.add(member);
    return member;
  }

  private RaftSettings settingsOf(TestMember member, long snapshotAfterBytes) {
    for (String name : List.of("one", "two", "three")) {
      Path path = directory.resolve(name);
      if (RaftDirectory.identityIn(path).get().member().equals(member.member())) {
        return TestMember.settings(path, member.member().port(), snapshotAfterBytes);
      }
    }
    throw new AssertionError("no directory of " + member.member());
  }

  private long snapshots(TestMember member) throws IOException {
    return TestMember.snapshotsIn(settingsOf(member, NO_SNAPSHOT).directory());
  }

  private void stop(TestMember member) {
    member.close();
    members.remove(member);
  }

  private TestMember awaitLeader() {
    await().atMost(LONG).until(() -> members.stream().anyMatch(TestMember::leads));
    return members.stream().filter(TestMember::leads).findFirst().get();
  }

  /**
   * Adds a member, again when it is refused for not having been reached just now, as the server
   * does with each heartbeat.
   */
  private static void add(TestMember leader, Member member) {
    await()
        .atMost(LONG)
        .ignoreExceptionsMatching(e -> e.getCause() instanceof JournalException.Refused)
        .until(() -> {
          // An attempt that was refused may have been carried out after all.
          if (!leader.journal.status().members().voters().contains(member)) {
            join(leader.journal.addMember(member));
          }
          return true;
        });
  }

  private static void join(CompletableFuture<?> future) {
    future.orTimeout(2, TimeUnit.MINUTES).join();
  }
}
