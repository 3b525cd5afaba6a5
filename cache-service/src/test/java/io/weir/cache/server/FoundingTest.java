package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.journal.Member;
import io.weir.cache.journal.raft.JournalDirectoryException;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.journal.raft.RaftJournal.Beginning;
import io.weir.cache.kv.Claim;
import io.weir.cache.store.ShardRow;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.NodeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The races of who founds a shard's group, and in which generation. */
class FoundingTest {

  @TempDir private Path directory;
  private final FakeShardRegistry registry = new FakeShardRegistry();

  private Founding founding(String node, int port, @Nullable Long acceptedLoss) {
    return new Founding(
        directory.resolve(node),
        new Member("127.0.0.1", port, 1),
        new NodeId(node),
        acceptedLoss,
        null,
        registry);
  }

  /** Of a server that was at another port before. */
  private Founding.Place takeAfterMove(String node, int from, int to) {
    return new Founding(
            directory.resolve(node),
            new Member("127.0.0.1", to, 1),
            new NodeId(node),
            null,
            new Member("127.0.0.1", from, 1),
            registry)
        .take(registry.readOrCreate())
        .orElseThrow();
  }

  /** As a journal that was begun leaves it. */
  private void begin(String node) throws Exception {
    Files.createDirectories(directory.resolve(node).resolve("log"));
    Files.createDirectories(directory.resolve(node).resolve("votes"));
  }

  private Founding.Place take(String node, int port) {
    return founding(node, port, null).take(registry.readOrCreate()).orElseThrow();
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
            executor.submit(() -> founding("cache-" + port, port, null).take(empty).orElse(null)));
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
    take("a", 8401);
    wipe("a");
    ShardRow row = registry.readOrCreate();
    registry.down = true;
    assertThatThrownBy(() -> founding("a", 8401, null).take(row))
        .isInstanceOf(StoreUnavailableException.class);
    registry.down = false;
    String made = RaftDirectory.identityIn(directory.resolve("a")).orElseThrow().group();

    Founding.Place again = take("a", 8401);

    assertThat(again.row().generation()).isEqualTo(2);
    assertThat(again.group()).isEqualTo(made);
    assertThat(again.beginning()).isEqualTo(Beginning.FOUND);
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
  void aLoneServerThatLostItsJournalFoundsTheNextGeneration() throws Exception {
    Founding.Place first = take("a", 8401);
    registry.recordMembers(
        new Claim(1, 6, new NodeId("a")), List.of(first.directory().member().toString()));
    wipe("a");

    Founding.Place next = take("a", 8401);

    assertThat(next.beginning()).isEqualTo(Beginning.FOUND);
    assertThat(next.row().generation()).isEqualTo(2);
    assertThat(next.row().foundingTerm()).isEqualTo(6);
    assertThat(next.group()).isNotEqualTo(first.group());
    assertThat(next.secret()).isNotEqualTo(first.secret());
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
    assertThat(founding("b", 8402, 7L).take(registry.readOrCreate()).orElseThrow().beginning())
        .isEqualTo(Beginning.WAIT);
    assertThat(founding("c", 8403, 1L).take(registry.readOrCreate()).orElseThrow().beginning())
        .isEqualTo(Beginning.FOUND);
    assertThat(registry.readOrCreate().generation()).isEqualTo(2);
    // Given again at the next start, it has no effect.
    assertThat(founding("d", 8404, 1L).take(registry.readOrCreate()).orElseThrow().beginning())
        .isEqualTo(Beginning.WAIT);
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
    assertThat(registry.found(1, new NodeId("b"), "127.0.0.1:8402:7", "a secret of the group"))
        .isTrue();

    assertThatThrownBy(() -> take("a", 8401))
        .isInstanceOf(JournalDirectoryException.class)
        .hasMessageContaining("founded anew without this server");
  }
}
