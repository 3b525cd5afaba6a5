package io.weir.cache.journal.raft;

import static io.weir.cache.journal.raft.TestMember.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Mutation;
import io.weir.cache.journal.Reign;
import io.weir.model.Key;
import io.weir.model.Version;
import io.weir.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RaftJournalTest {

  private static final long NO_SNAPSHOT = 1L << 40;

  @TempDir Path directory;
  private final List<TestMember> started = new ArrayList<>();
  private final int port = FreePorts.next();

  @AfterEach
  void close() {
    started.forEach(TestMember::close);
  }

  @Test
  void aFounderLeadsAloneAndAppliesWhatIsAppended() {
    TestMember member = found(NO_SNAPSHOT);
    Reign reign = member.awaitReign();
    assertThat(reign.epoch()).isEqualTo(1);
    member.put("a", 1);
    assertThat(member.dirty.versionOf("a")).isEqualTo(1);
    member.append(new Mutation.Flushed(Key.of("a"), new Version(1))).join();
    assertThat(member.dirty.size()).isZero();
    JournalStatus status = member.journal.status();
    assertThat(status.role()).isEqualTo(JournalStatus.Role.LEADER);
    assertThat(status.leader()).isEqualTo(member.member());
    assertThat(status.members().voters()).containsExactly(member.member());
    assertThat(status.queuedBytes()).isZero();
  }

  @Test
  void aLeaderWhoseApplyingThreadStandsStillEnds() {
    TestMember member =
        TestMember.start(
            TestMember.settings(directory.resolve("hung"), FreePorts.next(), NO_SNAPSHOT)
                .withElectionTimeout(Duration.ofMillis(200)),
            RaftJournal.Beginning.FOUND);
    started.add(member);
    member.put("a", 1);
    CountDownLatch release = member.dirty.holdUp();
    try {
      CompletableFuture<?> write = member.append(written("b", 2));
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> member.broken.contains("an entry is applied without an end"));
      assertThat(write).isNotDone();
      assertThat(member.journal.lease().isValid()).isFalse();
    } finally {
      release.countDown();
    }
  }

  @Test
  void appendsAreAppliedInTheOrderOfTheCallsAndShareEntries() {
    TestMember member = found(NO_SNAPSHOT);
    member.awaitReign();
    long before = member.journal.status().appliedIndex();
    List<CompletableFuture<?>> done = new ArrayList<>();
    AtomicInteger order = new AtomicInteger();
    for (int i = 1; i <= 2_000; i++) {
      int expected = i;
      done.add(
          member
              .append(written("k" + i % 10, i))
              .thenRun(() -> assertThat(order.incrementAndGet()).isEqualTo(expected)));
    }
    done.forEach(CompletableFuture::join);
    assertThat(member.dirty.versionOf("k0")).isEqualTo(2_000);
    assertThat(member.journal.status().appliedIndex() - before).isLessThan(1_000);
  }

  @Test
  void aWriteLargerThanAnEntryStandsAlone() {
    TestMember member = found(NO_SNAPSHOT);
    member.append(written("large", 1, 1 << 20)).join();
    assertThat(member.dirty.versionOf("large")).isEqualTo(1);
  }

  @Test
  void whatIsBeyondTheQueueIsRefusedButMarkingCleanIsNot() {
    TestMember member = found(NO_SNAPSHOT);
    member.awaitReign();
    List<CompletableFuture<?>> done = new ArrayList<>();
    // More than the queue holds, and until one is refused: the disk may keep up for a while.
    while (done.size() < 40
        || done.stream().noneMatch(CompletableFuture::isCompletedExceptionally)) {
      int i = done.size() + 1;
      done.add(member.append(written("large" + i, i, 1 << 20)));
    }
    CompletableFuture<?> flushed =
        member.append(new Mutation.Flushed(Key.of("large1"), new Version(1)));
    assertThat(done.stream().map(RaftJournalTest::failureOf))
        .anyMatch(JournalException.QueueFull.class::isInstance);
    assertThat(flushed).succeedsWithin(java.time.Duration.ofMinutes(2));
  }

  @Test
  void whatWasAcknowledgedIsThereAfterAStopAndTheEpochGrows() {
    TestMember first = found(NO_SNAPSHOT);
    for (int i = 1; i <= 50; i++) {
      first.put("k" + i, i);
    }
    restart(first);
    TestMember second = found(NO_SNAPSHOT);
    Reign reign = second.awaitReign();
    assertThat(reign.epoch()).isEqualTo(2);
    assertThat(second.member()).isEqualTo(first.member());
    assertThat(second.dirty.size()).isEqualTo(50);
  }

  @Test
  void aSnapshotReplacesTheLogAndKeepsTheEpoch() {
    TestMember first = found(20_000);
    first.awaitReign();
    long epoch = first.journal.takeEpoch(first.awaitReign()).join();
    for (int i = 1; i <= 1_000; i++) {
      first.append(written("k" + i % 100, i));
      first.append(new Mutation.Flushed(Key.of("k" + (i - 1) % 100), new Version(i - 1)));
    }
    first.put("last", 5_000);
    await().until(() -> TestMember.snapshotsIn(directory) > 0);
    restart(first);
    TestMember second = found(20_000);
    Reign reign = second.awaitReign();
    assertThat(second.dirty.installs()).isEqualTo(1);
    assertThat(second.dirty.versionOf("last")).isEqualTo(5_000);
    assertThat(second.dirty.size()).isEqualTo(first.dirty.size());
    assertThat(reign.epoch()).isEqualTo(epoch + 1);
  }

  @Test
  void anAppendOfAReignThatIsOverIsRefused() {
    TestMember first = found(NO_SNAPSHOT);
    Reign old = first.awaitReign();
    restart(first);
    TestMember second = found(NO_SNAPSHOT);
    second.awaitReign();
    assertThat(failureOf(second.journal.under(old).append(List.of(written("a", 1)))))
        .isInstanceOf(JournalException.NotLeading.class);
    assertThat(second.dirty.size()).isZero();
  }

  @Test
  void aStateMachineThatFailsEndsTheMember() {
    TestMember member = found(NO_SNAPSHOT);
    member.put("a", 1);
    member.dirty.failWith(new IllegalStateException("planted"));
    CompletableFuture<?> append = member.append(written("b", 2));
    await().until(() -> !member.broken.isEmpty());
    assertThat(member.journal.lease().isValid()).isFalse();
    assertThat(member.journal.status().role()).isEqualTo(JournalStatus.Role.BROKEN);
    await().until(append::isCompletedExceptionally);
    assertThat(member.broken).hasSize(1);
  }

  @Test
  void readsAreUnderALeaseAndByReadIndex() {
    TestMember member = found(NO_SNAPSHOT);
    member.awaitReign();
    await().until(() -> member.journal.lease().isValid());
    member.journal.readIndex().join();
  }

  @Test
  void damageWithinTheLogIsNotPassedOver() throws IOException {
    TestMember member = found(NO_SNAPSHOT);
    for (int i = 1; i <= 100; i++) {
      member.put("k" + i, i);
    }
    restart(member);
    Path log = TestLog.newest(directory.resolve("log"));
    byte[] bytes = Files.readAllBytes(log);
    bytes[SegmentHeader.BYTES + 1_000] ^= 8;
    Files.write(log, bytes);
    assertThatThrownBy(() -> found(NO_SNAPSHOT))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("is damaged at byte");
  }

  @Test
  void aMemberThatHasLostItsLogDoesNotComeBackAsWhoItWas() throws IOException {
    TestMember member = found(NO_SNAPSHOT);
    member.put("a", 1);
    restart(member);
    Files.move(directory.resolve("log"), directory.resolve("lost"));
    assertThatThrownBy(() -> found(NO_SNAPSHOT)).isInstanceOf(JournalDirectoryException.class);
  }

  /** It could vote twice in a term. */
  @Test
  void aMemberThatHasLostItsVotesDoesNotComeBackAsWhoItWas() throws IOException {
    TestMember member = found(NO_SNAPSHOT);
    member.put("a", 1);
    restart(member);
    Files.move(directory.resolve("votes"), directory.resolve("lost"));
    assertThatThrownBy(() -> found(NO_SNAPSHOT))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("holds the votes up to term 0");
  }

  @Test
  void aMemberWhoseVotesAreThoseOfAnOlderCopyDoesNotComeBackAsWhoItWas() throws IOException {
    TestMember member = found(NO_SNAPSHOT);
    member.put("a", 1);
    restart(member);
    Path votes = directory.resolve("votes").resolve("raft_meta");
    byte[] copy = Files.readAllBytes(votes);
    TestMember again = found(NO_SNAPSHOT);
    again.put("b", 2);
    restart(again);
    Files.write(votes, copy);
    assertThatThrownBy(() -> found(NO_SNAPSHOT))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("the log beside it has an entry of term 2");
  }

  /** As a founder that dies at its first start, between the log and the first vote. */
  @Test
  void anEmptyLogNeedsNoVotes() throws IOException {
    RaftDirectory made = RaftDirectory.open(directory, TestMember.GROUP, "127.0.0.1", port);
    Files.createDirectories(directory.resolve("log"));
    TestMember member = found(NO_SNAPSHOT);
    assertThat(member.member()).isEqualTo(made.member());
    member.put("a", 1);
  }

  @Test
  void aDirectoryOfAnotherGenerationOrAddressIsRefused() {
    RaftDirectory.open(directory, TestMember.GROUP, "127.0.0.1", port);
    assertThatThrownBy(
            () -> RaftDirectory.open(directory, RaftSettings.groupOf("test", 2), "127.0.0.1", port))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("founded anew");
    assertThatThrownBy(() -> RaftDirectory.open(directory, TestMember.GROUP, "127.0.0.1", port + 1))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("old address");
  }

  @ParameterizedTest
  @ValueSource(longs = {NO_SNAPSHOT, 20_000})
  void aLoneMemberTakesItsJournalAlongToAnotherAddress(long snapshotAfterBytes) throws IOException {
    TestMember before = found(snapshotAfterBytes);
    for (int i = 1; i <= 1_000; i++) {
      before.append(written("k" + i % 100, i));
    }
    before.put("last", 5_000);
    if (snapshotAfterBytes < NO_SNAPSHOT) {
      await().until(() -> TestMember.snapshotsIn(directory) > 0);
    }
    long epoch = before.awaitReign().epoch();
    restart(before);

    // It moves on before it has told anybody.
    Member old = before.member();
    move(old, FreePorts.next(), List.of(old.toString()));
    Member between = identity();
    int last = FreePorts.next();
    move(between, last, List.of(old.toString()));
    TestMember moved = startAt(last, snapshotAfterBytes);
    assertThat(moved.member()).isEqualTo(new Member("127.0.0.1", last, old.incarnation()));
    assertThat(moved.awaitReign().epoch()).isEqualTo(epoch + 1);
    assertThat(moved.dirty.size()).isEqualTo(before.dirty.size());
    assertThat(moved.dirty.versionOf("last")).isEqualTo(5_000);
    assertThat(moved.journal.status().members().voters()).containsExactly(moved.member());
    moved.put("after", 5_001);

    restart(moved);
    TestMember again = startAt(last, snapshotAfterBytes);
    assertThat(again.awaitReign().epoch()).isEqualTo(epoch + 2);
    assertThat(again.dirty.versionOf("after")).isEqualTo(5_001);
    assertThat(again.journal.status().members().voters()).containsExactly(moved.member());

    // And back to where it began.
    restart(again);
    move(moved.member(), port, List.of(moved.member().toString()));
    TestMember back = startAt(port, snapshotAfterBytes);
    assertThat(back.member()).isEqualTo(old);
    assertThat(back.awaitReign().epoch()).isEqualTo(epoch + 3);
    assertThat(back.dirty.versionOf("after")).isEqualTo(5_001);
  }

  @Test
  void oneOfSeveralMembersDoesNotTakeItsJournalAlong() {
    TestMember member = found(NO_SNAPSHOT);
    member.put("a", 1);
    restart(member);
    List<String> two = List.of(member.member().toString(), "127.0.0.1:8402:7");
    assertThatThrownBy(() -> move(member.member(), FreePorts.next(), two))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("only a group's one member");
    assertThatThrownBy(() -> move(member.member(), FreePorts.next(), List.of("127.0.0.1:8402:7")))
        .isInstanceOf(JournalDirectoryException.class);
    assertThat(identity()).isEqualTo(member.member());
  }

  private void move(Member from, int to, List<String> recorded) {
    RaftDirectory.move(directory, TestMember.GROUP, from, new Member("127.0.0.1", to, 1), recorded);
  }

  private Member identity() {
    return RaftDirectory.identityIn(directory).orElseThrow().member();
  }

  private TestMember startAt(int otherPort, long snapshotAfterBytes) {
    TestMember member =
        TestMember.start(
            TestMember.settings(directory, otherPort, snapshotAfterBytes),
            RaftJournal.Beginning.WAIT);
    started.add(member);
    return member;
  }

  @Test
  void aGroupsNameTellsItsGeneration() {
    assertThat(RaftSettings.generationOf(RaftSettings.groupOf("s", 12), "s")).hasValue(12);
    assertThat(RaftSettings.generationOf(RaftSettings.groupOf("s", 12), "t")).isEmpty();
    assertThat(RaftSettings.generationOf("weir-s-gx", "s")).isEmpty();
  }

  private TestMember found(long snapshotAfterBytes) {
    TestMember member =
        TestMember.start(
            TestMember.settings(directory, port, snapshotAfterBytes), RaftJournal.Beginning.FOUND);
    started.add(member);
    return member;
  }

  private void restart(TestMember member) {
    member.close();
    started.remove(member);
  }

  private static Throwable failureOf(CompletableFuture<?> future) {
    return future.handle((_, failure) -> failure == null ? new Exception("none") : failure).join();
  }
}
