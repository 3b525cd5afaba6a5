package io.weir.cache.journal.raft;

import static io.weir.cache.journal.raft.TestMember.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.JournalStatus;
import io.weir.cache.journal.LogEnd;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.Reign;
import io.weir.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one member that is left of a group founds the next generation with its log. */
class RescueTest {

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final long NO_SNAPSHOT = 1L << 40;
  private static final String NEXT = RaftSettings.groupOf("test", 2);

  @TempDir Path directory;
  private final List<TestMember> members = new ArrayList<>();

  @AfterEach
  void close() {
    members.forEach(TestMember::close);
  }

  @ParameterizedTest
  @ValueSource(longs = {NO_SNAPSHOT, 2_000})
  void theSurvivorLeadsAloneWithAllOfItsLogTheUnconfirmedTailIncluded(long snapshotAfterBytes)
      throws IOException {
    TestMember leader = group(3, snapshotAfterBytes);
    for (int i = 1; i <= 100; i++) {
      leader.put("k" + i % 10, i);
    }
    Reign before = leader.awaitReign();
    List<TestMember> lost = others(leader);
    lost.forEach(this::stop);
    CompletableFuture<?> tail = leader.journal.under(before).append(List.of(written("tail", 101)));
    assertThat(tail.handle((_, failure) -> failure).orTimeout(2, TimeUnit.MINUTES).join())
        .isInstanceOf(JournalException.OutcomeOpen.class);
    assertThat(leader.dirty.versionOf("tail")).isZero();
    LogEnd end = leader.journal.logEnd();
    assertThat(end.time().isSinceStart()).isTrue();
    stop(leader);

    TestMember rescued = startRescued("one", snapshotAfterBytes);
    assertThat(rescued.awaitReign().epoch()).isGreaterThan(before.epoch());
    assertThat(rescued.awaitReign().term()).isGreaterThan(before.term());
    assertThat(rescued.dirty.size()).isEqualTo(11);
    assertThat(rescued.dirty.versionOf("k3")).isEqualTo(93);
    assertThat(rescued.dirty.versionOf("tail")).isEqualTo(101);
    assertThat(rescued.journal.status().members().voters()).containsExactly(rescued.member());
    assertThat(rescued.journal.logEnd().lastIndex()).isGreaterThan(end.lastIndex());
    rescued.put("new", 102);
    stop(rescued);

    TestMember again = start("one", NEXT, snapshotAfterBytes);
    again.awaitReign();
    assertThat(again.dirty.versionOf("new")).isEqualTo(102);
    assertThat(again.dirty.versionOf("tail")).isEqualTo(101);
    assertThat(RescueMark.in(path("one"))).isEmpty();
  }

  @Test
  void aFollowerThatIsLeftGoesOnWithWhatItHasHeard() throws IOException {
    TestMember leader = group(3, NO_SNAPSHOT);
    leader.put("a", 1);
    TestMember follower = members.get(1);
    follower.awaitVersion("a", 1);
    stop(leader);
    stop(members.getLast());
    stop(follower);

    TestMember rescued = startRescued("two", NO_SNAPSHOT);
    rescued.awaitReign();
    assertThat(rescued.dirty.versionOf("a")).isEqualTo(1);
  }

  @Test
  void aStartThatEndsBeforeTheFirstTermIsDoneAgain() throws IOException {
    TestMember leader = group(3, NO_SNAPSHOT);
    leader.put("a", 1);
    members.reversed().stream().toList().forEach(this::stop);

    TestMember tooShort = startRescued("one", NO_SNAPSHOT);
    assertThat(tooShort.leads()).isFalse();
    stop(tooShort);
    long end = RescueMark.in(path("one")).orElseThrow().end().orElseThrow();
    TestMember rescued = start("one", NEXT, NO_SNAPSHOT);
    rescued.awaitReign();
    assertThat(rescued.dirty.versionOf("a")).isEqualTo(1);
    assertThat(RescueMark.in(path("one")).orElseThrow().end()).hasValue(end);
  }

  @Test
  void whoIsAddedAfterwardsIsNotThrownOutByTheNextStart() throws IOException {
    TestMember leader = group(3, NO_SNAPSHOT);
    leader.put("a", 1);
    members.reversed().stream().toList().forEach(this::stop);
    TestMember rescued = startRescued("one", NO_SNAPSHOT);
    rescued.awaitReign();
    TestMember added = start("new", NEXT, NO_SNAPSHOT);
    add(rescued, added.member());
    rescued.put("b", 2);
    added.awaitVersion("b", 2);
    assertThat(added.dirty.versionOf("a")).isEqualTo(1);
    stop(added);
    stop(rescued);

    TestMember back = start("one", NEXT, NO_SNAPSHOT);
    await()
        .during(TestMember.ELECTION_TIMEOUT.multipliedBy(2))
        .until(() -> back.journal.status().role() == JournalStatus.Role.FOLLOWER && !back.leads());
    assertThat(back.journal.status().members().voters()).hasSize(2);
    TestMember other = start("new", NEXT, NO_SNAPSHOT);
    await().atMost(LONG).until(() -> back.leads() || other.leads());
    other.awaitVersion("b", 2);
  }

  /** As when a leader finds the other one with an empty disk, and has lost its majority with it. */
  @Test
  void aChangeThatIsHalfDoneDoesNotHoldItUp() throws IOException {
    TestMember leader = group(2, NO_SNAPSHOT);
    leader.put("a", 1);
    TestMember other = members.getLast();
    stop(other);
    CompletableFuture<?> removal = leader.journal.removeMember(other.member());
    assertThat(removal.handle((_, failure) -> failure).orTimeout(2, TimeUnit.MINUTES).join())
        .isInstanceOf(JournalException.Refused.class);
    stop(leader);
    TestMember asBefore = start("one", TestMember.GROUP, NO_SNAPSHOT);
    assertThat(asBefore.journal.status().members().voters())
        .containsExactlyInAnyOrder(asBefore.member(), other.member());
    stop(asBefore);

    TestMember rescued = startRescued("one", NO_SNAPSHOT);
    rescued.awaitReign();
    assertThat(rescued.journal.status().members().voters()).containsExactly(rescued.member());
    assertThat(rescued.dirty.versionOf("a")).isEqualTo(1);
  }

  @Test
  void aRescuedMemberMovesBeforeItsFirstTerm() throws IOException {
    TestMember leader = group(2, NO_SNAPSHOT);
    leader.put("a", 1);
    Member old = leader.member();
    members.reversed().stream().toList().forEach(this::stop);
    mark("one");
    Member address = new Member("127.0.0.1", FreePorts.next(), 1);
    RaftDirectory.move(path("one"), NEXT, old, address, List.of(old.toString()));
    TestMember moved = start("one", NEXT, NO_SNAPSHOT);
    moved.awaitReign();
    assertThat(moved.member().port()).isEqualTo(address.port());
    assertThat(moved.dirty.versionOf("a")).isEqualTo(1);
  }

  @Test
  void aLostMemberThatComesBackIsRefusedAndItsDirectoryLeftAlone() throws IOException {
    TestMember leader = group(2, NO_SNAPSHOT);
    leader.put("a", 1);
    int port = members.getLast().member().port();
    members.reversed().stream().toList().forEach(this::stop);
    mark("one");
    Map<String, FileTime> before = files("two");
    assertThatThrownBy(() -> RaftDirectory.open(path("two"), NEXT, "127.0.0.1", port))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("founded anew without this server");
    assertThat(files("two")).isEqualTo(before);
  }

  @Test
  void aMarkCountsForTheGenerationWithItsSecretAlone() throws IOException {
    TestMember leader = group(2, NO_SNAPSHOT);
    members.reversed().stream().toList().forEach(this::stop);
    RescueMark.of(NEXT, TestMember.SECRET).keepIn(path("one"));
    assertThat(Files.getPosixFilePermissions(path("one").resolve("rescue")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));

    assertThat(RaftDirectory.finishRescue(path("one"), TestMember.GROUP, "another")).isFalse();
    assertThat(RaftDirectory.finishRescue(path("one"), NEXT, "another one's secret")).isFalse();
    assertThat(RaftDirectory.finishRescue(path("one"), NEXT, null)).isFalse();
    assertThat(RaftDirectory.isRescued(path("one"), TestMember.GROUP)).isFalse();
    // As the old member, which a mark that nothing came of does not keep from its group.
    TestMember old = start("one", TestMember.GROUP, NO_SNAPSHOT);
    assertThat(old.journal.status().members().voters()).hasSize(2);
    stop(old);
    assertThat(RaftDirectory.finishRescue(path("one"), NEXT, TestMember.SECRET)).isTrue();
    assertThat(RaftDirectory.finishRescue(path("one"), NEXT, TestMember.SECRET)).isFalse();
    assertThat(RaftDirectory.identityIn(path("one")).orElseThrow())
        .isEqualTo(new RaftDirectory.Identity(NEXT, leader.member()));
    assertThat(RaftDirectory.isRescued(path("one"), NEXT)).isTrue();
  }

  @Test
  void theAgeOfTheLastEntryIsThatOfItsFilesAndStaysOverRestarts() throws IOException {
    TestMember leader = group(2, NO_SNAPSHOT);
    leader.put("a", 1);
    members.reversed().stream().toList().forEach(this::stop);
    Instant old = Instant.parse("2020-02-02T20:20:20Z");
    try (Stream<Path> log = Files.walk(path("one").resolve("log"))) {
      for (Path file : log.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(old));
      }
    }
    for (int i = 0; i < 3; i++) {
      TestMember back = start("one", TestMember.GROUP, NO_SNAPSHOT);
      assertThat(back.journal.logEnd().time()).isEqualTo(new LogEnd.Time(old, false));
      stop(back);
    }
    TestMember rescued = startRescued("one", NO_SNAPSHOT);
    rescued.awaitReign();
    assertThat(rescued.journal.logEnd().time().isSinceStart()).isTrue();
    assertThat(rescued.journal.logEnd().time().at()).isAfter(old);
  }

  private Map<String, FileTime> files(String name) throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    try (Stream<Path> all = Files.walk(path(name))) {
      for (Path file : all.toList()) {
        times.put(file.toString(), Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  private TestMember group(int size, long snapshotAfterBytes) {
    TestMember founder = member("one", RaftJournal.Beginning.FOUND, snapshotAfterBytes);
    founder.awaitReign();
    for (String name : List.of("two", "three").subList(0, size - 1)) {
      Member joiner = member(name, RaftJournal.Beginning.WAIT, snapshotAfterBytes).member();
      add(founder, joiner);
    }
    return founder;
  }

  private TestMember member(String name, RaftJournal.Beginning beginning, long snapshotAfterBytes) {
    TestMember member =
        TestMember.start(
            TestMember.settings(path(name), FreePorts.next(), snapshotAfterBytes), beginning);
    members.add(member);
    return member;
  }

  /** What the server does once the database has the next generation. */
  private void mark(String name) {
    RescueMark.of(NEXT, TestMember.SECRET).keepIn(path(name));
    assertThat(RaftDirectory.finishRescue(path(name), NEXT, TestMember.SECRET)).isTrue();
  }

  private TestMember startRescued(String name, long snapshotAfterBytes) {
    mark(name);
    return start(name, NEXT, snapshotAfterBytes);
  }

  /** Starts on a directory as it is, or a new one. */
  private TestMember start(String name, String group, long snapshotAfterBytes) {
    int port =
        RaftDirectory.identityIn(path(name))
            .map(identity -> identity.member().port())
            .orElseGet(FreePorts::next);
    TestMember member =
        TestMember.start(
            TestMember.settings(group, path(name), port, snapshotAfterBytes),
            RaftJournal.Beginning.WAIT);
    members.add(member);
    return member;
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private List<TestMember> others(TestMember than) {
    return members.stream().filter(member -> member != than).toList();
  }

  private void stop(TestMember member) {
    member.close();
    members.remove(member);
  }

  private static void add(TestMember leader, Member member) {
    await()
        .atMost(LONG)
        .ignoreExceptionsMatching(e -> e.getCause() instanceof JournalException.Refused)
        .until(() -> {
          // An attempt that was refused may have been carried out after all.
          if (!leader.journal.status().members().voters().contains(member)) {
            leader.journal.addMember(member).orTimeout(2, TimeUnit.MINUTES).join();
          }
          return true;
        });
  }
}
