package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.kv.Claim;
import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.ShardProof;
import io.weir.model.SlotRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.jdbc.core.JdbcTemplate;

/** What {@link ShardRegistry} and the start promise, on whichever server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RegistryContract {

  private static final NodeId A = new NodeId("a");
  private static final String SECRET = "0123456789abcdef";
  private static final ClusterId CLUSTER = ClusterId.random();
  private static final List<SlotRange> RANGES = List.of(new SlotRange(0, 5_460));

  private DatabaseSettings settings;
  private ShardDatabase database;
  private ShardRegistry registry;

  /** Settings of an empty database that nothing else uses. */
  abstract DatabaseSettings freshDatabase();

  @BeforeAll
  void open() {
    settings = freshDatabase();
    database = ShardDatabase.open(settings);
    registry = database.registry();
  }

  @AfterAll
  void close() {
    database.close();
  }

  @BeforeEach
  void startEmpty() {
    for (String table : List.of("shard", "reign", "group_secret", "shard_proof", "kv")) {
      jdbc().update("DELETE FROM " + table);
    }
  }

  private JdbcTemplate jdbc() {
    return new JdbcTemplate(StoreContract.dataSource(settings));
  }

  /** As a server of an earlier release does, which knows the table {@code shard} alone. */
  private void foundAsAnEarlierRelease(long generation, String secret) {
    jdbc()
        .update(
            "UPDATE shard SET generation = ?, founding_term = term, leader = 'old', members ="
                + " 'host:8409:9', secret = ? WHERE one = 1",
            generation,
            secret);
  }

  @Test
  void aShardGetsOneProofAndKeepsIt() {
    ShardProof first = ShardProof.random();
    assertThat(registry.proof(first)).isEqualTo(first);
    assertThat(registry.proof(ShardProof.random())).isEqualTo(first);
  }

  @Test
  void anEmptyDatabaseGetsAnIdentityAndKeepsIt() {
    ShardRow row = registry.readOrCreate();

    assertThat(row)
        .usingRecursiveComparison()
        .ignoringFields("id")
        .isEqualTo(
            new ShardRow(
                ShardId.random(),
                null,
                null,
                List.of(),
                0,
                0,
                null,
                List.of(),
                null,
                0,
                RecordedReign.NONE));
    assertThat(registry.readOrCreate()).isEqualTo(row);
    assertThat(registry.read()).contains(row);
  }

  @Test
  void manyNodesThatStartOnAnEmptyDatabaseAgreeOnOneIdentity() throws Exception {
    List<ShardRow> rows = race(16, registry::readOrCreate);

    assertThat(rows).hasSize(16).containsOnly(rows.getFirst());
  }

  @Test
  void manyNodesMayCreateTheTablesAtOnce() throws Exception {
    DatabaseSettings fresh = freshDatabase();

    List<ShardId> ids =
        race(
            8,
            () -> {
              try (ShardDatabase node = ShardDatabase.open(fresh)) {
                return node.registry().readOrCreate().id();
              }
            });

    assertThat(ids).hasSize(8).containsOnly(ids.getFirst());
  }

  @Test
  void anAssignmentIsRecordedAndMayBeRepeated() {
    registry.assign(CLUSTER, 3, RANGES);
    registry.assign(CLUSTER, 3, RANGES);

    ShardRow row = registry.readOrCreate();
    assertThat(row.cluster()).isEqualTo(CLUSTER);
    assertThat(row.shards()).isEqualTo(3);
    assertThat(row.ranges()).isEqualTo(RANGES);
  }

  @Test
  void theOrderOfRangesDoesNotMatter() {
    SlotRange high = new SlotRange(100, 16_383);
    registry.assign(CLUSTER, 3, List.of(high, new SlotRange(0, 5)));
    registry.assign(CLUSTER, 3, List.of(new SlotRange(0, 5), high));

    assertThat(registry.readOrCreate().ranges()).containsExactly(new SlotRange(0, 5), high);
  }

  @Test
  void anotherAssignmentIsRefusedWithASentenceThatNamesBoth() {
    registry.assign(CLUSTER, 3, RANGES);
    ClusterId other = ClusterId.random();

    assertThatThrownBy(() -> registry.assign(other, 3, RANGES))
        .isInstanceOf(ForeignShardException.class)
        .hasMessageContaining("belongs to cluster " + CLUSTER + " (3 shards, slots 0-5460)")
        .hasMessageContaining("not to cluster " + other + " (3 shards, slots 0-5460)");
    assertThatThrownBy(() -> registry.assign(CLUSTER, 4, RANGES))
        .isInstanceOf(ForeignShardException.class)
        .hasMessageContaining("(4 shards, slots 0-5460)");
    assertThatThrownBy(() -> registry.assign(CLUSTER, 3, List.of(new SlotRange(0, 5_461))))
        .isInstanceOf(ForeignShardException.class)
        .hasMessageContaining("(3 shards, slots 0-5461)");
    assertThat(registry.readOrCreate().cluster()).isEqualTo(CLUSTER);
  }

  @Test
  void ofManyFoundersOfAnEmptyDatabaseOneWins() throws Exception {
    assertThat(registry.readOrCreate().members()).isEmpty();

    List<Boolean> founders = race(8, () -> registry.found(0, 1, A, "host:8401:1", SECRET));

    assertThat(founders).containsOnlyOnce(true);
    assertThat(registry.readOrCreate())
        .extracting(
            ShardRow::generation,
            ShardRow::leader,
            ShardRow::members,
            ShardRow::secret,
            ShardRow::foundingTerm)
        .containsExactly(1L, A, List.of("host:8401:1"), SECRET, 0L);
  }

  @Test
  void aGenerationThatHasPassedIsNotFoundedAgain() {
    assertThat(registry.readOrCreate().generation()).isZero();
    assertThat(registry.found(0, 1, A, "host:8401:1", SECRET)).isTrue();

    assertThat(registry.found(0, 1, new NodeId("b"), "host:8402:1", SECRET)).isFalse();
    assertThat(registry.readOrCreate().leader()).isEqualTo(A);
  }

  @Test
  void membersAreRecordedUnderTheFenceAndTheTermsGoOnInTheNextGeneration() {
    assertThat(registry.readOrCreate().generation()).isZero();
    registry.found(0, 1, A, "host:8401:1", SECRET);
    registry.recordMembers(new Claim(1, 4, A), List.of("host:8401:1", "host:8402:2"));

    assertThat(registry.readOrCreate().members()).containsExactly("host:8401:1", "host:8402:2");
    assertThat(registry.readOrCreate().term()).isEqualTo(4);
    assertThatThrownBy(
            () -> registry.recordMembers(new Claim(1, 3, new NodeId("b")), List.of("host:8402:2")))
        .isInstanceOf(FencedException.class);
    assertThat(registry.readOrCreate().members()).hasSize(2);
    assertThat(registry.found(1, 2, A, "host:8401:9", SECRET)).isTrue();
    assertThat(registry.readOrCreate().foundingTerm()).isEqualTo(4);
  }

  @Test
  void theSizeOfTheGroupIsRecordedUnderTheFence() {
    assertThat(registry.readOrCreate().generation()).isZero();
    registry.found(0, 1, A, "host:8401:1", SECRET);
    assertThat(registry.groupSize()).isZero();
    registry.recordGroupSize(new Claim(1, 4, A), 3);
    registry.recordGroupSize(new Claim(1, 4, A), 2);
    assertThat(registry.groupSize()).isEqualTo(2);
    assertThatThrownBy(() -> registry.recordGroupSize(new Claim(1, 3, new NodeId("b")), 5))
        .isInstanceOf(FencedException.class);
    assertThat(registry.groupSize()).isEqualTo(2);
  }

  @Test
  void aShardWithoutARowIsReadAsNone() {
    assertThat(registry.read()).isEmpty();
  }

  @Test
  void aGenerationMayBeFoundedBeyondTheNext() {
    assertThat(registry.readOrCreate().generation()).isZero();
    assertThat(registry.found(0, 7, A, "host:8401:1", SECRET)).isTrue();
    assertThat(registry.readOrCreate().generation()).isEqualTo(7);
    assertThat(registry.readOrCreate().secret()).isEqualTo(SECRET);
  }

  @Test
  void aReignIsRecordedOnceAndOnlyANewerOneAfterIt() {
    found();
    assertThat(registry.readOrCreate().isClean()).isFalse();
    assertThat(registry.readOrCreate().knownEpoch()).isZero();
    registry.recordReign(new Claim(1, 4, A), 2, "first");
    registry.recordReign(new Claim(1, 4, A), 2, "first"); // The first answer may have been lost.

    assertThat(registry.readOrCreate().reign())
        .isEqualTo(new RecordedReign(1, 2, 4, "first", true));
    assertThatThrownBy(() -> registry.recordReign(new Claim(1, 5, A), 2, "second"))
        .isInstanceOf(OutdatedJournalException.class)
        .hasMessageContaining("a reign of epoch 2 in generation 1, and this one has epoch 2");
    assertThatThrownBy(() -> registry.recordReign(new Claim(1, 5, A), 1, "second"))
        .isInstanceOf(OutdatedJournalException.class);
    // Nor has it moved the fence.
    assertThat(registry.readOrCreate().term()).isEqualTo(4);
    assertThatThrownBy(() -> registry.recordReign(new Claim(1, 3, A), 3, "third"))
        .isInstanceOf(FencedException.class);
    registry.recordReign(new Claim(1, 5, A), 3, "third");
    assertThat(registry.readOrCreate().knownEpoch()).isEqualTo(3);
  }

  @Test
  void aJournalIsCleanUntilSomebodyLeadsAgain() {
    found();
    registry.recordReign(new Claim(1, 4, A), 2, "first");
    registry.recordClean(new Claim(1, 4, A), "another");
    assertThat(registry.readOrCreate().isClean()).isFalse();
    registry.recordClean(new Claim(1, 4, A), "first");
    assertThat(registry.readOrCreate().isClean()).isTrue();

    registry.recordReign(new Claim(1, 5, A), 3, "second");
    assertThat(registry.readOrCreate().isClean()).isFalse();
    registry.recordClean(new Claim(1, 5, A), "second");
    assertThat(registry.readOrCreate().isClean()).isTrue();
    assertThat(registry.found(1, 2, A, "host:8401:9", SECRET)).isTrue();
    assertThat(registry.readOrCreate().isClean()).isFalse();
  }

  @Test
  void aLeaderOfAnEarlierReleaseMakesACleanJournalOneThatMayBeDirty() {
    found();
    registry.recordReign(new Claim(1, 4, A), 2, "first");
    registry.recordClean(new Claim(1, 4, A), "first");
    jdbc().update("UPDATE shard SET term = 5, leader = 'old'");
    assertThat(registry.readOrCreate().isClean()).isFalse();
  }

  @Test
  void whatAnEarlierReleaseFoundsMayBeDirtyAndHasItsOwnSecret() {
    found();
    registry.recordReign(new Claim(1, 4, A), 2, "first");
    registry.recordClean(new Claim(1, 4, A), "first");
    registry.forgetOldSecret(new Claim(1, 4, A));
    foundAsAnEarlierRelease(2, "another secret of 16 bytes");

    ShardRow row = registry.readOrCreate();
    assertThat(row.secret()).isEqualTo("another secret of 16 bytes");
    assertThat(row.isClean()).isFalse();
    assertThat(row.knownEpoch()).isZero();

    registry.recordReign(new Claim(2, 5, new NodeId("old")), 1, "third");
    registry.forgetOldSecret(new Claim(2, 5, new NodeId("old")));
    assertThat(registry.readOrCreate().secret()).isEqualTo("another secret of 16 bytes");
  }

  @Test
  void theSecretLeavesTheRowThatEveryTransactionWrites() {
    found();
    assertThat(secretInShard()).isEqualTo(SECRET);
    registry.forgetOldSecret(new Claim(1, 4, A));
    registry.forgetOldSecret(new Claim(1, 4, A));

    // Neither the secret nor nothing: for nothing, an earlier release founds a generation.
    assertThat(secretInShard()).startsWith("moved:").hasSizeGreaterThan(16);
    assertThat(registry.readOrCreate().secret()).isEqualTo(SECRET);
    assertThatThrownBy(() -> registry.forgetOldSecret(new Claim(1, 3, A)))
        .isInstanceOf(FencedException.class);
    jdbc().update("DELETE FROM group_secret"); // As in a dump that leaves it out.
    assertThat(registry.readOrCreate().secret()).isNull();
  }

  private @Nullable String secretInShard() {
    return jdbc().queryForObject("SELECT secret FROM shard", String.class);
  }

  private void found() {
    assertThat(registry.readOrCreate().generation()).isZero();
    assertThat(registry.found(0, 1, A, "host:8401:1", SECRET)).isTrue();
  }

  @Test
  void theLargestVersionOfTheRowsIsFoundAndWhatIsAboveTheBoundIsCounted() {
    assertThat(registry.rowVersions(1L << 62)).isEmpty();
    insert(0, 7);
    insert(8_191, 1L << 50);
    insert(16_383, 9);
    assertThat(registry.rowVersions(1L << 62)).contains(new ShardRegistry.RowVersions(1L << 50, 0));
    insert(5, (1L << 62) + 1);
    assertThat(registry.rowVersions(1L << 62)).contains(new ShardRegistry.RowVersions(1L << 50, 1));
    assertThat(registry.rowVersions(6)).contains(new ShardRegistry.RowVersions(0, 4));
  }

  private void insert(int slot, long version) {
    jdbc()
        .update(
            "INSERT INTO kv (slot, k, v, version) VALUES (?, ?, ?, ?)",
            slot,
            ("k" + slot).getBytes(StandardCharsets.UTF_8),
            new byte[] {1},
            version);
  }

  @Test
  void whatWasWrittenIsThereAfterAReopening() {
    registry.assign(CLUSTER, 3, RANGES);
    ShardRow before = registry.readOrCreate();

    try (ShardDatabase again = ShardDatabase.open(settings)) {
      assertThat(again.registry().readOrCreate()).isEqualTo(before);
    }
  }

  @Test
  void aDatabaseOfAnotherApplicationIsRefused() {
    DatabaseSettings foreign = freshDatabase();
    var source = StoreContract.dataSource(foreign);
    new JdbcTemplate(source).execute("CREATE TABLE orders (id INT PRIMARY KEY)");

    assertThatThrownBy(() -> ShardDatabase.open(foreign))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageEndingWith(
            "holds tables that are not a Weir shard's; name an empty schema of its own");
  }

  @Test
  void aWrongPasswordIsRefusedWithASentence() {
    DatabaseSettings wrong = settings.at(String.valueOf(settings.url()), "nobody", "wrong");

    assertThatThrownBy(() -> ShardDatabase.open(wrong))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("refuses the account; check weir.database.username");
  }

  @Test
  void whereThereIsAJournalADatabaseThatRefusesStopsTheStartAllTheSame() {
    DatabaseSettings wrong = settings.at(String.valueOf(settings.url()), "nobody", "wrong");
    assertThatThrownBy(() -> ShardDatabase.openOrWait(wrong))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("refuses the account");

    DatabaseSettings foreign = freshDatabase();
    new JdbcTemplate(StoreContract.dataSource(foreign))
        .execute("CREATE TABLE orders (id INT PRIMARY KEY)");
    assertThatThrownBy(() -> ShardDatabase.openOrWait(foreign))
        .isInstanceOf(UnusableDatabaseException.class)
        .hasMessageContaining("holds tables that are not a Weir shard's");
  }

  @Test
  void whereThereIsAJournalADatabaseThatAnswersIsPreparedAtOnce() {
    try (ShardDatabase database = ShardDatabase.openOrWait(freshDatabase())) {
      assertThat(database.registry().readOrCreate().generation()).isZero();
      database.registry().prepare();
    }
  }

  private static <T> List<T> race(int threads, Callable<T> task) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(Collections.nCopies(threads, task))) {
        results.add(future.get());
      }
      return results;
    }
  }
}
