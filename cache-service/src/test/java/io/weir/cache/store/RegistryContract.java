package io.weir.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.kv.Claim;
import io.weir.model.ClusterId;
import io.weir.model.NodeId;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    new JdbcTemplate(StoreContract.dataSource(settings)).update("DELETE FROM shard");
  }

  @Test
  void anEmptyDatabaseGetsAnIdentityAndKeepsIt() {
    ShardRow row = registry.readOrCreate();

    assertThat(row)
        .usingRecursiveComparison()
        .ignoringFields("id")
        .isEqualTo(
            new ShardRow(ShardId.random(), null, null, List.of(), 0, 0, null, List.of(), null, 0));
    assertThat(registry.readOrCreate()).isEqualTo(row);
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

    List<Boolean> founders = race(8, () -> registry.found(0, A, "host:8401:1", SECRET));

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
    assertThat(registry.found(0, A, "host:8401:1", SECRET)).isTrue();

    assertThat(registry.found(0, new NodeId("b"), "host:8402:1", SECRET)).isFalse();
    assertThat(registry.readOrCreate().leader()).isEqualTo(A);
  }

  @Test
  void membersAreRecordedUnderTheFenceAndTheTermsGoOnInTheNextGeneration() {
    assertThat(registry.readOrCreate().generation()).isZero();
    registry.found(0, A, "host:8401:1", SECRET);
    registry.recordMembers(new Claim(1, 4, A), List.of("host:8401:1", "host:8402:2"));

    assertThat(registry.readOrCreate().members()).containsExactly("host:8401:1", "host:8402:2");
    assertThat(registry.readOrCreate().term()).isEqualTo(4);
    assertThatThrownBy(
            () -> registry.recordMembers(new Claim(1, 3, new NodeId("b")), List.of("host:8402:2")))
        .isInstanceOf(FencedException.class);
    assertThat(registry.readOrCreate().members()).hasSize(2);
    assertThat(registry.found(1, A, "host:8401:9", SECRET)).isTrue();
    assertThat(registry.readOrCreate().foundingTerm()).isEqualTo(4);
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
