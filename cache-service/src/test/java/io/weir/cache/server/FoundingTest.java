package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.journal.Member;
import io.weir.cache.journal.raft.JournalDirectoryException;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.journal.raft.RaftJournal.Beginning;
import io.weir.cache.journal.raft.RescueMark;
import io.weir.cache.kv.Claim;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.store.ShardRow;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.NodeId;
import io.weir.model.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The races of who founds a shard's group, and in which generation. */
@ExtendWith(OutputCaptureExtension.class)
class FoundingTest {

  @TempDir private Path directory;
  private final FakeShardRegistry registry = new FakeShardRegistry();

  /** The members that answer at their journals' ports. */
  private final Set<String> alive = new HashSet<>();

  private Founding founding(String node, int port, @Nullable Long acceptedLoss) {
    return new Founding(
        directory.resolve(node),
        new Member("127.0.0.1", port, 1),
        new NodeId(node),
        acceptedLoss,
        null,
        registry,
        (member, group, asking, secret) -> alive.contains(member.toString()));
  }

  /** Of a server that was at another port before. */
  private Founding.Place takeAfterMove(String node, int from, int to) {
    return new Founding(
            directory.resolve(node),
            new Member("127.0.0.1", to, 1),
            new NodeId(node),
            null,
            new Member("127.0.0.1", from, 1),
            registry,
            (member, group, asking, secret) -> alive.contains(member.toString()))
        .take(registry.readOrCreate(), Heard.NOTHING)
        .orElseThrow();
  }

  /** As a journal that was begun leaves it. */
  private void begin(String node) throws Exception {
    Files.createDirectories(directory.resolve(node).resolve("log"));
    Files.createDirectories(directory.resolve(node).resolve("votes"));
  }

  private Founding.Place take(String node, int port) {
    return take(node, port, null);
  }

  private Founding.Place take(String node, int port, @Nullable Long acceptedLoss) {
    return take(node, port, acceptedLoss, Heard.NOTHING);
  }

  private Founding.Place take(String node, int port, @Nullable Long acceptedLoss, Heard heard) {
    return founding(node, port, acceptedLoss).take(registry.readOrCreate(), heard).orElseThrow();
  }

  private void wipe(String node) throws Exception {
    try (Stream<Path> all = Files.walk(directory.resolve(node))) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Test
  void ofTwoFoundersOfAnEmptyDatabaseOneFoundsAndTheOtherWaits() throws Exception {
    ShardRow empty = registry.readOrCreate();
    List<Founding.Place> places = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      List<Future<Founding.@Nullable Place>> takers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int port = 8401 + i;
        takers.add(
            executor.submit(() ->
                founding("cache-" + port, port, null).take(empty, Heard.NOTHING).orElse(null)));
      }
      for (int i = 0; i < 2; i++) {
        Founding.Place place = takers.get(i).get();
        // Who came second reads the row again.
        places.add(place != null ? place : take("cache-" + (8401 + i), 8401 + i));
      }
    }

    assertThat(places).extracting(Founding.Place::beginning).containsOnlyOnce(Beginning.FOUND);
    assertThat(places)
        .extracting(Founding.Place::group)
        .hasSize(2)
        .containsOnly(places.getFirst().group());
    assertThat(places).extracting(Founding.Place::secret).containsOnly(places.getFirst().secret());
    Founding.Place founder =
        places.stream().filter(p -> p.beginning() == Beginning.FOUND).findFirst().orElseThrow();
    assertThat(registry.readOrCreate().members())
        .containsExactly(founder.directory().member().toString());
    assertThat(registry.readOrCreate().generation()).isEqualTo(1);
  }

  @Test
  void aFounderThatDiesBeforeItBeganFindsItselfAgain() {
    Founding.Place first = take("a", 8401);
    Founding.Place again = take("a", 8401);

    assertThat(again.beginning()).isEqualTo(Beginning.FOUND);
    assertThat(again.directory().member()).isEqualTo(first.directory().member());
    assertThat(again.row().generation()).isEqualTo(1);
  }

  @Test
  void aFoundingThatBreaksOffBeforeTheDatabaseKnowsItIsDoneAgain() throws Exception {
    leadAndStopClean(take("a", 8401));
    wipe("a");
    ShardRow row = registry.readOrCreate();
    registry.readOnly = true;
    assertThatThrownBy(() -> founding("a", 8401, null).take(row, Heard.NOTHING))
        .isInstanceOf(StoreUnavailableException.class);
    registry.readOnly = false;
    String made = RaftDirectory.identityIn(directory.resolve("a")).orElseThrow().group();

    Founding.Place again = take("a", 8401);

    assertThat(again.row().generation()).isEqualTo(2);
    assertThat(again.group()).isEqualTo(made);
    assertThat(again.beginning()).isEqualTo(Beginning.FOUND);
  }

  @Test
  void aFoundingThatBrokeOffIsDoneInALaterGenerationWhenAMasterHasHeardOfOne() throws Exception {
    leadAndStopClean(take("a", 8401));
    wipe("a");
    ShardRow row = registry.readOrCreate();
    registry.readOnly = true;
    assertThatThrownBy(() -> founding("a", 8401, null).take(row, Heard.NOTHING))
        .isInstanceOf(StoreUnavailableException.class);
    registry.readOnly = false;

    Founding.Place again = take("a", 8401, null, new Heard(4, List.of()));

    assertThat(again.row().generation()).isEqualTo(5);
    assertThat(again.beginning()).isEqualTo(Beginning.FOUND);
  }

  /** What a lone leader does from its first reign to a stop with nothing left. */
  private void leadAndStopClean(Founding.Place place) throws IOException {
    Claim claim = lead(place, 6, 1);
    registry.recordClean(claim, "holder 1");
  }

  private Claim lead(Founding.Place place, long term, long epoch) throws IOException {
    Claim claim = new Claim(place.row().generation(), term, new NodeId("a"));
    registry.recordMembers(claim, List.of(place.directory().member().toString()));
    registry.recordReign(claim, epoch, "holder " + epoch);
    beginJournal("a");
    return claim;
  }

  /** Makes the directory look as one that a journal was begun in. */
  private void beginJournal(String node) throws IOException {
    Files.createDirectories(directory.resolve(node).resolve("log"));
    Files.createDirectories(directory.resolve(node).resolve("votes"));
  }

  @Test
  void aWipedMemberThatStartsFirstWhileTheOthersAreDownFoundsNothing() throws Exception {
    Founding.Place first = take("a", 8401);
    registry.recordMembers(
        new Claim(1, 1, new NodeId("a")),
        List.of(first.directory().member().toString(), "127.0.0.1:8402:7", "127.0.0.1:8403:9"));
    wipe("a");

    Founding.Place wiped = take("a", 8401);

    assertThat(wiped.beginning()).isEqualTo(Beginning.WAIT);
    assertThat(wiped.row().generation()).isEqualTo(1);
    assertThat(wiped.directory().member()).isNotEqualTo(first.directory().member());
  }

  @Test
  void aLoneServerThatStoppedWithNothingLeftFoundsTheNextGenerationOverAnEmptyDirectory()
      throws Exception {
    Founding.Place first = take("a", 8401);
    leadAndStopClean(first);
    wipe("a");

    Founding.Place next = take("a", 8401);

    assertThat(next.beginning()).isEqualTo(Beginning.FOUND);
    assertThat(next.row().generation()).isEqualTo(2);
    assertThat(next.row().foundingTerm()).isEqualTo(6);
    assertThat(next.group()).isNotEqualTo(first.group());
    assertThat(next.secret()).isNotEqualTo(first.secret());
  }

  /** Its volume is not mounted, say. */
  @Test
  void aLoneServerWhoseJournalMayHoldWritesIsRefusedOverAnEmptyDirectory() throws Exception {
    Founding.Place first = take("a", 8401);
    lead(first, 6, 1);
    wipe("a");

    assertThatThrownBy(() -> take("a", 8401))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("holds no journal")
        .hasMessageContaining("mount the directory")
        .hasMessageContaining("weir.raft.accept-loss-of-generation=1");
    assertThat(registry.readOrCreate().generation()).isEqualTo(1);
    assertThat(directory.resolve("a")).doesNotExist();
    assertThat(take("a", 8401, 1L).row().generation()).isEqualTo(2);
  }

  @Test
  void whatAServerOfAnEarlierReleaseLedMayHoldWrites() throws Exception {
    Founding.Place first = take("a", 8401);
    leadAndStopClean(first);
    registry.leadUnrecorded(new Claim(1, 7, new NodeId("a")));
    wipe("a");

    assertThatThrownBy(() -> take("a", 8401))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("holds no journal");
  }

  @Test
  void anIdentityWithoutItsLogIsRefused() throws Exception {
    Founding.Place first = take("a", 8401);
    lead(first, 6, 5);
    deleteJournal("a");

    assertThatThrownBy(() -> take("a", 8401))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("has no log")
        .hasMessageContaining("weir.raft.accept-loss-of-generation=1");
    assertThat(registry.readOrCreate().generation()).isEqualTo(1);
  }

  @Test
  void anIdentityWithoutItsLogIsRefusedWhereAnEarlierReleaseLed() {
    take("a", 8401);
    registry.leadUnrecorded(new Claim(1, 1, new NodeId("a")));

    assertThatThrownBy(() -> take("a", 8401))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("has no log");
  }

  @Test
  void aMemberOfAGroupDoesNotComeBackAsWhoItWasWithoutItsLog() throws Exception {
    Founding.Place first = take("a", 8401);
    registry.recordMembers(
        new Claim(1, 1, new NodeId("a")),
        List.of(first.directory().member().toString(), "127.0.0.1:8402:7"));

    assertThatThrownBy(() -> take("a", 8401))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("or empty the directory altogether")
        .hasMessageNotContaining("accept-loss");
    wipe("a");
    assertThat(take("a", 8401).beginning()).isEqualTo(Beginning.WAIT);
  }

  private void deleteJournal(String node) throws IOException {
    Files.delete(directory.resolve(node).resolve("log"));
    Files.delete(directory.resolve(node).resolve("votes"));
  }

  @Test
  void aGenerationOfWhichAMemberAnswersIsNotGivenUp() {
    Founding.Place living = take("a", 8401);
    alive.add(living.directory().member().toString());

    assertThatThrownBy(() -> take("b", 8402, 1L))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("that generation is not lost")
        .hasMessageContaining(living.directory().member() + " answers at its journal's port");
    alive.clear();
    String up = living.directory().member().toString();
    assertThatThrownBy(() -> take("b", 8402, 1L, new Heard(1, List.of(up))))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining(up + " is listed as up by the master");
    assertThat(registry.readOrCreate().generation()).isEqualTo(1);
    // The same server, come back with an empty disk, is another member.
    assertThat(take("b", 8402, 1L, new Heard(1, List.of("127.0.0.1:8401:7"))).beginning())
        .isEqualTo(Beginning.FOUND);
  }

  @Test
  void aFoundingGoesAboveWhatAMasterHasHeardOf() {
    assertThat(take("a", 8401, null, new Heard(6, List.of())).row().generation()).isEqualTo(7);
    assertThat(take("b", 8402, 7L, new Heard(9, List.of())).row().generation()).isEqualTo(10);
  }

  @Test
  void aNewShardWhoseTableHasRowsBeginsAboveThem(CapturedOutput log) {
    registry.versions = new ShardRegistry.RowVersions(Version.startOf(3, 40).value() + 7, 0);

    assertThat(take("a", 8401).row().generation()).isEqualTo(4);
    assertThat(log).contains("by one scan, is " + (Version.startOf(3, 40).value() + 7));
  }

  @Test
  void rowsAboveWhatAnyFoundingComesToArePassedOver(CapturedOutput log) {
    registry.versions = new ShardRegistry.RowVersions(5, 2);

    assertThat(take("a", 8401).row().generation()).isEqualTo(1);
    assertThat(log).contains("2 rows have versions above 4611686018427387903");
  }

  @Test
  void afterTheLastGenerationThereIsNone() {
    assertThatThrownBy(() -> take("a", 8401, null, new Heard(Version.MAX_GENERATION, List.of())))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("generation 32767");
  }

  @Test
  void aRowWithoutItsSecretIsRefused() {
    take("a", 8401);
    registry.loseSecret();
    assertThatThrownBy(() -> take("b", 8402))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("group_secret");
    assertThat(take("b", 8402, 1L).row().generation()).isEqualTo(2);
  }

  @Test
  void anotherServerDoesNotFoundOverALoneOne() {
    Founding.Place first = take("a", 8401);
    Founding.Place other = take("b", 8402);

    assertThat(other.beginning()).isEqualTo(Beginning.WAIT);
    assertThat(other.row().members()).containsExactly(first.directory().member().toString());
  }

  @Test
  void aLossIsAcceptedForTheGenerationThatIsNamedAndWithAnEmptyDirectoryAlone() {
    take("a", 8401);
    assertThat(take("b", 8402, 7L).beginning()).isEqualTo(Beginning.WAIT);
    assertThat(take("c", 8403, 1L).beginning()).isEqualTo(Beginning.FOUND);
    assertThat(registry.readOrCreate().generation()).isEqualTo(2);
    // Given again at the next start, it has no effect.
    assertThat(take("d", 8404, 1L).beginning()).isEqualTo(Beginning.WAIT);
    assertThat(registry.readOrCreate().generation()).isEqualTo(2);
  }

  @Test
  void aLoneServerThatSaysWhereItWasTakesItsJournalAlong() throws Exception {
    Founding.Place first = take("a", 8401);
    begin("a");
    assertThatThrownBy(() -> take("a", 8501))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("weir.raft.former-address");
    assertThatThrownBy(() -> takeAfterMove("a", 8400, 8501))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("weir.raft.former-address");

    Founding.Place moved = takeAfterMove("a", 8401, 8501);
    Member before = first.directory().member();
    assertThat(moved.directory().member())
        .isEqualTo(new Member("127.0.0.1", 8501, before.incarnation()));
    assertThat(moved.directory().wasOnce(before)).isTrue();
    assertThat(moved.group()).isEqualTo(first.group());
    assertThat(moved.row().generation()).isEqualTo(1);
    // The setting may stay, or go.
    assertThat(takeAfterMove("a", 8401, 8501).directory().member())
        .isEqualTo(moved.directory().member());
    assertThat(take("a", 8501).directory().member()).isEqualTo(moved.directory().member());
  }

  @Test
  void aCopyOfTheDirectoryOfAServerThatRunsIsNotTakenAlong() throws Exception {
    Founding.Place first = take("a", 8401);
    begin("a");
    alive.add(first.directory().member().toString());
    assertThatThrownBy(() -> takeAfterMove("a", 8401, 8501))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("still answers at weir.raft.former-address");
    assertThat(RaftDirectory.identityIn(directory.resolve("a")).orElseThrow().member())
        .isEqualTo(first.directory().member());

    alive.clear();
    assertThat(takeAfterMove("a", 8401, 8501).directory().wasOnce(first.directory().member()))
        .isTrue();
  }

  @Test
  void oneOfSeveralServersDoesNotTakeItsJournalAlong() throws Exception {
    Founding.Place first = take("a", 8401);
    begin("a");
    registry.recordMembers(
        new Claim(1, 1, new NodeId("a")),
        List.of(first.directory().member().toString(), "127.0.0.1:8402:7"));
    assertThatThrownBy(() -> takeAfterMove("a", 8401, 8501))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("only a group's one member");
  }

  @Test
  void aServerThatHasMovedAndHasLostItsJournalFoundsNothing() throws Exception {
    take("a", 8401);
    wipe("a");
    assertThat(takeAfterMove("a", 8401, 8501).beginning()).isEqualTo(Beginning.WAIT);
    assertThat(registry.readOrCreate().generation()).isEqualTo(1);
  }

  @Test
  void aGenerationOnDiskThatIsNotTheDatabasesStopsTheServer() {
    take("a", 8401);
    assertThat(registry.found(1, 2, new NodeId("b"), "127.0.0.1:8402:7", "a secret of the group"))
        .isTrue();

    assertThatThrownBy(() -> take("a", 8401))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("founded anew without this server");
  }

  /** The marks that a rescue of a member of two leaves, up to where it broke off. */
  private Founding.Place markForRescue(String secret) throws Exception {
    Founding.Place first = take("a", 8401);
    begin("a");
    registry.recordMembers(
        new Claim(1, 1, new NodeId("a")),
        List.of(first.directory().member().toString(), "127.0.0.1:8402:7"));
    RescueMark.of(Founding.group(first.row(), 2), secret).keepIn(directory.resolve("a"));
    return first;
  }

  @Test
  void aRescueThatBrokeOffBeforeTheDatabaseKnewOfItIsTakenBack() throws Exception {
    Founding.Place first = markForRescue("a secret of the rescue");

    Founding.Place again = take("a", 8401);
    assertThat(again.group()).isEqualTo(first.group());
    assertThat(again.directory().member()).isEqualTo(first.directory().member());
  }

  @Test
  void aRescueThatTheDatabaseKnowsOfIsFinished() throws Exception {
    Founding.Place first = markForRescue("a secret of the rescue");
    String member = first.directory().member().toString();
    assertThat(registry.found(1, 2, new NodeId("a"), member, "a secret of the rescue")).isTrue();

    Founding.Place rescued = take("a", 8401);
    assertThat(rescued.group()).isEqualTo(Founding.group(rescued.row(), 2));
    assertThat(rescued.directory().member()).isEqualTo(first.directory().member());
    // Also where the identity was written, and nothing after it.
    assertThat(take("a", 8401).group()).isEqualTo(rescued.group());
    // It has a log, or has lost it.
    deleteJournal("a");
    assertThatThrownBy(() -> take("a", 8401))
        .isInstanceOf(FoundingRefusedException.class)
        .hasMessageContaining("has no log");
  }

  @Test
  void aRescueThatAnotherFounderCameBeforeIsRefused() throws Exception {
    markForRescue("a secret of the rescue");
    assertThat(registry.found(1, 2, new NodeId("b"), "127.0.0.1:8402:7", "another one's secret"))
        .isTrue();

    assertThatThrownBy(() -> take("a", 8401))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("founded anew without this server");
    assertThat(RaftDirectory.identityIn(directory.resolve("a")).orElseThrow().group())
        .endsWith("-g1");
  }
}
