package io.weir.cache.server;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.Condition;
import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineSettings;
import io.weir.cache.engine.EvictionPolicy;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.TableLock;
import io.weir.cache.engine.Ticker;
import io.weir.cache.journal.JournalFormat;
import io.weir.cache.journal.Member;
import io.weir.cache.kv.Claim;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.cache.writeback.FlushSettings;
import io.weir.model.Durability;
import io.weir.model.GroupMember;
import io.weir.model.JournalFormats;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.NodeState;
import io.weir.model.ServerFigures;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server does as its group has it, and what a leader does about its group. */
@Timeout(600)
class ShardGroupTest {

  private static final NodeId NODE = new NodeId("cache-1");
  private static final Member SECOND = new Member("127.0.0.1", 8402, 7);

  /** Who the server is by a directory that it has brought from another address. */
  private static final Member FORMER = new Member("127.0.0.1", 8400, 9);

  private static final Member THIRD = new Member("127.0.0.1", 8403, 9);
  private static final URI SECOND_URL = URI.create("http://127.0.0.1:7402");
  private static final Duration FORGET = Duration.ofMinutes(10);

  @TempDir private Path directory;
  private final FakeShardRegistry registry = new FakeShardRegistry();
  private final FakeBackingStore store = new FakeBackingStore();
  private final ReignGate gate = new ReignGate(new DatabaseAgreement(System::nanoTime));
  private final TopologyView topology = new TopologyView();
  private final List<Integer> halts = new CopyOnWriteArrayList<>();
  private final List<FencedException> fenced = new CopyOnWriteArrayList<>();
  private final List<String> outdated = new CopyOnWriteArrayList<>();
  private final List<Double> terms = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong();
  private final ScheduledExecutorService expiry = Executors.newSingleThreadScheduledExecutor();
  private final CacheEngine engine =
      new CacheEngine(
          new EngineSettings(
              1 << 20,
              Long.MAX_VALUE,
              2,
              TableLock.OPTIMISTIC,
              EvictionPolicy.LRU,
              1 << 19,
              1 << 18,
              1 << 16,
              Duration.ofMillis(10),
              16,
              4,
              Duration.ofSeconds(1),
              Duration.ofSeconds(1)),
          gate.over(store),
          Clock.systemUTC(),
          Ticker.system());

  private @Nullable FakeGroupJournal made;
  private ShardGroup group;
  private ThisServer self;
  private @Nullable ShardGroup inMetrics;
  private final GroupMetrics metrics = new GroupMetrics(() -> inMetrics);
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private GroupMembership membership;

  @BeforeEach
  void enter() throws IOException {
    Files.writeString(directory.resolve("identity.former"), FORMER + "\n");
    Founding.Place place =
        new Founding(
                directory,
                new Member("127.0.0.1", 8401, 1),
                NODE,
                null,
                null,
                registry,
                (member, group, asking, secret) -> false)
            .take(registry.readOrCreate(), Heard.NOTHING)
            .orElseThrow();
    self =
        new ThisServer(
            NODE,
            URI.create("http://127.0.0.1:7401"),
            null,
            () -> FastUrls.NONE,
            () -> ServerFigures.NONE);
    self.know(registry.readOrCreate());
    group =
        new ShardGroup(
            self,
            place,
            topology,
            new LeaderTasks.Parts(
                engine,
                gate.over(store),
                gate,
                registry,
                new FlushSettings(
                    Duration.ofMillis(5),
                    1 << 18,
                    100,
                    1 << 20,
                    Duration.ZERO,
                    Duration.ofMillis(1),
                    Duration.ofMillis(5)),
                new TtlSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 100),
                (result, entries, statements, took) -> {},
                Clock.systemUTC(),
                Ticker.system()),
            new ShardGroup.Parts(
                (p, machine, listener) -> {
                  made = new FakeGroupJournal(p, machine, listener);
                  return new JournalFactory.Unstarted(made, made::elect);
                },
                Duration.ofSeconds(1),
                true,
                FORGET,
                null,
                new SimpleMeterRegistry().timer("appends")),
            expiry,
            new ShardGroup.Hooks(() -> {}, fenced::add, outdated::add, halts::add));
    metrics.bindTo(meters);
    membership = membership(GroupSize.MOST_MEMBERS);
    terms.add(term());
    inMetrics = group;
    terms.add(term());
    group.start();
    await().until(group::isRecorded);
  }

  private GroupMembership membership(@Nullable Integer wished) {
    return new GroupMembership(
        group, engine, registry, FORGET, new GroupSize(wished, registry), clock::get);
  }

  /** Heartbeats bring a list each half minute, so long. */
  private void pass(Duration time, List<GroupMember> listed) {
    Duration step = Duration.ofSeconds(30);
    for (Duration at = Duration.ZERO; at.compareTo(time) < 0; at = at.plus(step)) {
      clock.addAndGet(step.toNanos());
      membership.reconcile(listed);
    }
  }

  private double term() {
    return meters.get("weir.raft.term").gauge().value();
  }

  @AfterEach
  void stop() {
    store.heal();
    group.close();
    expiry.shutdownNow();
  }

  private FakeGroupJournal journal() {
    return Objects.requireNonNull(made);
  }

  private static GroupMember listed(Member member, NodeState state) {
    return new GroupMember(
        new NodeId("cache-" + member.port()),
        URI.create("http://127.0.0.1:" + (member.port() - 1000)),
        NodeRole.REPLICA,
        state,
        member.toString(),
        null,
        null);
  }

  private static GroupMember listed(Member member, int reads) {
    return new GroupMember(
        new NodeId("cache-" + member.port()),
        URI.create("http://127.0.0.1:" + (member.port() - 1000)),
        NodeRole.REPLICA,
        NodeState.UP,
        member.toString(),
        new JournalFormats(reads, JournalFormat.FIRST),
        null);
  }

  /** Writes a key, and holds its flush up until what is returned is counted down. */
  private CountDownLatch holdTheFlushOf(String key) throws InterruptedException {
    CountDownLatch inFlush = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    store.beforeFlush =
        batch -> {
          store.beforeFlush = other -> {};
          inFlush.countDown();
          try {
            boolean _ = release.await(2, TimeUnit.MINUTES);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    put(key, Durability.JOURNAL);
    assertThat(inFlush.await(2, TimeUnit.MINUTES)).isTrue();
    return release;
  }

  private void put(String key, Durability durability) {
    var _ = engine.write(key(key), value("v"), Condition.NONE, durability);
  }

  @Test
  void aLeaderThatIsDeposedFollowsAndKeepsWhatIsDirty() {
    store.goDown();
    put("k", Durability.JOURNAL);
    group.learnUrls(Map.of(SECOND, SECOND_URL));
    journal().depose(SECOND);

    assertThat(engine.isLeading()).isFalse();
    assertThat(engine.isServing()).isTrue();
    assertThat(topology.leader()).isEqualTo(SECOND_URL);
    assertThat(topology.leaderTerm()).isEqualTo(2);
    assertThat(engine.statistics().dirty().entries()).isEqualTo(1);
    await().until(() -> group.leaderTasks() == null);

    store.heal();
    journal().elect();
    await().until(() -> engine.statistics().dirty().entries() == 0);
    assertThat(store.row(key("k")).value()).isNotNull();
  }

  /** A step from 0 at each restart would look like many changes of leader. */
  @Test
  void theTermIsNoNumberBeforeItIsKnown() {
    assertThat(terms).hasSize(2).allMatch(term -> term.isNaN());
    assertThat(term()).isEqualTo(1);
    journal().depose(SECOND);
    assertThat(term()).isEqualTo(2);
  }

  @Test
  void theWriteBackOfANewReignBeginsOnlyWhenTheFlushOfTheOldOneHasEnded() throws Exception {
    CountDownLatch release = holdTheFlushOf("k");

    // A transfer that came to nothing: deposed and elected, with a flush in progress.
    journal().depose(null);
    journal().elect();
    assertThat(engine.isLeading()).isTrue();
    var _ = engine.write(key("k"), null, Condition.NONE, Durability.JOURNAL);
    assertThat(store.commits).isEmpty();
    release.countDown();

    await().until(() -> engine.statistics().dirty().entries() == 0);
    // The delete came last, though the put was in flight when it was made.
    assertThat(store.row(key("k")).value()).isNull();
  }

  @Test
  void aRefusalByTheFenceThatComesLateDoesNotKeepAReplicaFromServing() throws Exception {
    CountDownLatch release = holdTheFlushOf("k");
    journal().depose(SECOND);
    store.takeOver(new Claim(1, 2, new NodeId("cache-2")));
    release.countDown();

    await().until(() -> !fenced.isEmpty());
    assertThat(engine.isServing()).isTrue();
  }

  @Test
  void aLeaderReadsAndWritesNoRowBeforeTheDatabaseKnowsItsReign() {
    store.insert(key("row"), 7, value("row"));
    put("k", Durability.JOURNAL);
    await().until(() -> engine.statistics().dirty().entries() == 0);
    journal().depose(SECOND);
    registry.silentToReigns = true;
    int commits = store.commits.size();
    journal().elect();

    // It serves what it holds, and takes writes.
    assertThat(engine.read(key("k"), false, null).what().value()).isNotNull();
    put("k", Durability.JOURNAL);
    assertThatThrownBy(() -> engine.read(key("row"), false, null))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("has not confirmed");
    membership.reconcile(List.of(listed(THIRD, NodeState.UP)));
    assertThat(journal().voters).containsExactly(group.member());
    assertThat(engine.statistics().dirty().entries()).isEqualTo(1);
    assertThat(store.commits).hasSize(commits);

    registry.silentToReigns = false;
    await().until(() -> engine.statistics().dirty().entries() == 0);
    assertThat(engine.read(key("row"), false, null).what().value()).isNotNull();
    assertThat(registry.readOrCreate().knownEpoch()).isEqualTo(2);
  }

  @Test
  void aLeaderThatIsConfirmedWhileTheDatabaseKnowsALaterReignHasAnOldJournal() {
    registry.recordReign(new Claim(1, 1, NODE), 9, "of a later reign");
    journal().depose(null);
    journal().elect();

    await().until(() -> !outdated.isEmpty());
    assertThat(outdated.getFirst())
        .contains("records a reign of epoch 9, and this one has epoch 2")
        .contains("weir.raft.accept-loss-of-generation=1");
    assertThat(store.commits).isEmpty();
  }

  @Test
  void aLeaderThatIsFoundedOverIsFencedAndNotCalledOld() {
    registry.found(1, 2, new NodeId("cache-2"), "127.0.0.1:8402:7", "a secret");
    journal().depose(null);
    journal().elect();
    await().until(() -> !fenced.isEmpty());
    assertThat(outdated).isEmpty();
  }

  @Test
  void whatRefusesWritesOutlivesTheDatabasesWord() {
    journal().depose(null);
    registry.silentToReigns = true;
    journal().elect();
    group.refuseWrites("drained");
    registry.silentToReigns = false;
    await().until(group::isRecorded);
    assertThatThrownBy(() -> put("k", Durability.JOURNAL)).hasMessage("drained");
    group.acceptWrites();
    put("k", Durability.JOURNAL);
  }

  @Test
  void aServerThatTheMasterListsIsAddedAfterTheDatabaseIsTold() {
    membership.reconcile(
        List.of(listed(group.member(), NodeState.UP), listed(SECOND, NodeState.UP)));

    assertThat(journal().voters).containsExactly(group.member(), SECOND);
    assertThat(registry.readOrCreate().members())
        .containsExactlyInAnyOrder(group.member().toString(), SECOND.toString());
  }

  @Test
  void whoThisMemberWasBeforeItMovedIsNoOtherServer() {
    membership.reconcile(
        List.of(listed(group.member(), NodeState.UP), listed(FORMER, NodeState.UP)));

    assertThat(journal().voters).containsExactly(group.member());
    assertThat(registry.readOrCreate().members()).containsExactly(group.member().toString());
  }

  @Test
  void aDatabaseThatCannotBeToldKeepsTheGroupAsItIs() {
    registry.down = true;
    membership.reconcile(List.of(listed(SECOND, NodeState.UP)));
    assertThat(journal().voters).containsExactly(group.member());
    registry.down = false;
    membership.reconcile(List.of(listed(SECOND, NodeState.UP)));
    assertThat(journal().voters).hasSize(2);
  }

  @Test
  void whatNoJournalHoldsComesIntoItBeforeThereIsASecondMember() {
    store.goDown();
    put("m", Durability.MEMORY);
    assertThat(engine.statistics().dirty().memoryOnlyEntries()).isEqualTo(1);

    membership.reconcile(List.of(listed(SECOND, NodeState.UP)));

    assertThat(journal().voters).hasSize(2);
    assertThat(engine.statistics().dirty().memoryOnlyEntries()).isZero();
    assertThat(engine.statistics().dirty().entries()).isEqualTo(1);
    assertThat(engine.write(key("m"), value("w"), Condition.NONE, Durability.MEMORY).durability())
        .isEqualTo(Durability.JOURNAL);
  }

  @Test
  void theGroupSwitchesToTheFormatThatAllOfItReads() {
    journal().voters.add(SECOND);
    membership.reconcile(List.of(listed(group.member(), 2)));
    assertThat(journal().format).as("of the second nothing is known").isEqualTo(1);
    membership.reconcile(List.of(listed(group.member(), 2), listed(SECOND, 1)));
    assertThat(journal().format).as("the second reads less").isEqualTo(1);
    membership.reconcile(List.of(listed(group.member(), NodeState.UP), listed(SECOND, 2)));
    assertThat(journal().format).as("a master that does not tell").isEqualTo(1);

    membership.reconcile(List.of(listed(group.member(), 2), listed(SECOND, 99)));
    assertThat(journal().format).as("the highest that this one writes").isEqualTo(2);
    assertThat(registry.secretForgotten).isFalse();

    membership.reconcile(List.of(listed(group.member(), 2), listed(SECOND, 99)));
    assertThat(registry.secretForgotten).as("nobody reads it there any more").isTrue();
  }

  @Test
  void aServerThatCannotReadTheGroupsFormatIsNotAdded() {
    membership.reconcile(List.of(listed(group.member(), 2)));
    assertThat(journal().format).isEqualTo(2);

    membership.reconcile(
        List.of(listed(group.member(), 2), listed(SECOND, NodeState.UP), listed(THIRD, 2)));
    membership.reconcile(
        List.of(listed(group.member(), 2), listed(SECOND, NodeState.UP), listed(THIRD, 2)));

    assertThat(journal().voters).containsExactly(group.member(), THIRD);
  }

  @Test
  void aServerThatReadsLessIsAddedBeforeTheSwitch() {
    membership.reconcile(List.of(listed(group.member(), 2), listed(SECOND, 1)));
    membership.reconcile(List.of(listed(group.member(), 2), listed(SECOND, 1)));

    assertThat(journal().voters).containsExactly(group.member(), SECOND);
    assertThat(journal().format).isEqualTo(1);
  }

  @Test
  void aServerThatLostItsJournalTakesThePlaceOfTheOneItWas() {
    journal().voters.add(SECOND);
    journal().voters.add(THIRD);
    journal().alive.add(THIRD);
    Member reborn = new Member(SECOND.host(), SECOND.port(), 99);

    membership.reconcile(List.of(listed(reborn, NodeState.UP), listed(THIRD, NodeState.UP)));
    assertThat(journal().voters).containsExactly(group.member(), THIRD);
    membership.reconcile(List.of(listed(reborn, NodeState.UP), listed(THIRD, NodeState.UP)));
    assertThat(journal().voters).containsExactly(group.member(), THIRD, reborn);
  }

  @Test
  void whoIsGoneForLongIsRemovedWhenAMajorityRemainsWithoutIt() {
    journal().voters.add(SECOND);
    journal().voters.add(THIRD);
    journal().alive.add(THIRD);
    List<GroupMember> listed = List.of(listed(THIRD, NodeState.UP), listed(SECOND, NodeState.DOWN));
    membership.reconcile(listed);
    pass(FORGET, listed);
    assertThat(journal().voters).contains(SECOND);
    clock.addAndGet(1);

    journal().alive.remove(THIRD);
    membership.reconcile(listed);
    assertThat(journal().voters).contains(SECOND);
    journal().alive.add(THIRD);
    membership.reconcile(listed);
    assertThat(journal().voters).containsExactly(group.member(), THIRD);
    membership.reconcile(listed);
    assertThat(registry.readOrCreate().members())
        .containsExactlyInAnyOrder(group.member().toString(), THIRD.toString());
  }

  @Test
  void whatHappensWhileNoMasterAnswersCountsForNobodysAbsence() {
    journal().voters.add(SECOND);
    journal().voters.add(THIRD);
    journal().alive.add(SECOND);
    journal().alive.add(THIRD);
    List<GroupMember> listed = List.of(listed(SECOND, NodeState.UP), listed(THIRD, NodeState.DOWN));
    membership.reconcile(listed);
    clock.addAndGet(2 * FORGET.toNanos());
    journal().alive.remove(THIRD);
    for (int look = 0; look < 5; look++) {
      membership.reconcile(listed);
    }
    assertThat(journal().voters).contains(THIRD);
    pass(FORGET.plusMinutes(1), listed);
    assertThat(journal().voters).containsExactly(group.member(), SECOND);
  }

  @Test
  void aChangeThatJraftFindsToBeNoneIsOverAndItsTurnComesAgainLater() {
    List<GroupMember> listed = List.of(listed(SECOND, NodeState.UP));
    journal().thrownByChanges = new IllegalArgumentException("Peer already exists");
    membership.reconcile(listed);
    journal().thrownByChanges = null;
    membership.reconcile(listed);
    assertThat(journal().voters).as("at once would cost the lease").hasSize(1);
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    membership.reconcile(listed);
    assertThat(journal().voters).containsExactly(group.member(), SECOND);

    Member reborn = new Member(SECOND.host(), SECOND.port(), 99);
    journal().thrownByChanges = new IllegalArgumentException("Peer not found");
    membership.reconcile(List.of(listed(reborn, NodeState.UP)));
    journal().thrownByChanges = null;
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    membership.reconcile(List.of(listed(reborn, NodeState.UP)));
    assertThat(journal().voters).containsExactly(group.member());
  }

  @Test
  void aServerAtTheLeadersOwnAddressIsNotAddedAndTheLeaderStaysInTheGroup() {
    Member impostor = new Member(group.member().host(), group.member().port(), 77);
    List<GroupMember> listed =
        List.of(listed(group.member(), NodeState.UP), listed(impostor, NodeState.UP));
    membership.reconcile(listed);
    membership.reconcile(listed);
    assertThat(journal().voters).containsExactly(group.member());

    journal().voters.add(SECOND);
    journal().alive.add(SECOND);
    membership.reconcile(listed);
    assertThat(journal().voters).containsExactly(group.member(), SECOND);
  }

  @Test
  void aLoneShardGrowsOnlyWhenThatIsWishedFor() {
    membership = membership(null);
    List<GroupMember> listed = List.of(listed(SECOND, NodeState.UP), listed(THIRD, NodeState.UP));
    membership.reconcile(listed);
    assertThat(journal().voters).containsExactly(group.member());
    assertThat(self.registration().figures().group().waitingServers()).isEqualTo(2);
    put("m", Durability.MEMORY);

    membership = membership(2);
    membership.reconcile(listed);
    membership.reconcile(listed);
    assertThat(journal().voters).containsExactly(group.member(), SECOND);
    assertThat(self.registration().figures().group().waitingServers()).isEqualTo(1);
  }

  @Test
  void aGroupWithoutASettingKeepsTheSizeThatItHasHad() {
    journal().voters.add(SECOND);
    journal().voters.add(THIRD);
    journal().alive.add(THIRD);
    membership = membership(null);
    List<GroupMember> without =
        List.of(listed(THIRD, NodeState.UP), listed(SECOND, NodeState.DOWN));
    membership.reconcile(without);
    pass(FORGET.plusMinutes(1), without);
    assertThat(journal().voters).containsExactly(group.member(), THIRD);

    // Another leader, or this one after a restart.
    membership = membership(null);
    membership.reconcile(List.of(listed(THIRD, NodeState.UP), listed(SECOND, NodeState.UP)));
    assertThat(journal().voters).containsExactly(group.member(), THIRD, SECOND);
    Member fourth = new Member("127.0.0.1", 8404, 11);
    membership.reconcile(List.of(listed(fourth, NodeState.UP)));
    assertThat(journal().voters).hasSize(3);
  }

  @Test
  void aGroupThatIsToBeSmallerLosesThoseFirstThatAreGoneAndNeverItsLeader() {
    journal().voters.add(SECOND);
    journal().voters.add(THIRD);
    journal().alive.add(THIRD);
    membership = membership(1);
    List<GroupMember> listed = List.of(listed(THIRD, NodeState.UP), listed(SECOND, NodeState.DOWN));
    membership.reconcile(listed);
    assertThat(journal().voters).containsExactly(group.member(), THIRD);
    membership.reconcile(listed);
    assertThat(journal().voters).containsExactly(group.member());
    membership.reconcile(listed);
    assertThat(registry.readOrCreate().members()).containsExactly(group.member().toString());
    assertThat(registry.groupSize()).isEqualTo(1);
    assertThat(engine.write(key("m"), value("w"), Condition.NONE, Durability.MEMORY).durability())
        .isEqualTo(Durability.MEMORY);
  }

  /** A member of two that is gone is half of what must agree. */
  @Test
  void twoMembersOfWhichOneIsGoneStayTwo() {
    journal().voters.add(SECOND);
    membership = membership(1);
    membership.reconcile(List.of(listed(SECOND, NodeState.DOWN)));
    assertThat(journal().voters).containsExactly(group.member(), SECOND);
  }

  @Test
  void afterAnAddThatFailedNoWriteStaysInMemoryAloneUntilItIsKnownWhoIsInTheGroup() {
    journal().changesFail = true;
    membership.reconcile(List.of(listed(SECOND, NodeState.UP)));
    assertThat(memoryWrite("m")).isEqualTo(Durability.JOURNAL);
    membership.reconcile(List.of(listed(SECOND, NodeState.UP)));
    assertThat(memoryWrite("m2")).isEqualTo(Durability.MEMORY);
  }

  private Durability memoryWrite(String key) {
    return engine.write(key(key), value("w"), Condition.NONE, Durability.MEMORY).durability();
  }

  @Test
  void theLeaseVouchesForNoReadWhereTheGroupIsToBeAskedEachTime() {
    assertThat(journal().lease().isValid()).isTrue();
    assertThat(new JournalReadGuard(journal(), true, FORGET).isCurrent()).isTrue();
    assertThat(new JournalReadGuard(journal(), false, FORGET).isCurrent()).isFalse();
  }

  @Test
  void whatOnlyALeaderDoesIsNotConfirmedToAFollower() {
    LeaderGuard guard = new LeaderGuard(ReadGuard.ALWAYS, () -> group.claim() != null);
    guard.confirm();
    assertThat(guard.isCurrent()).isTrue();
    journal().depose(SECOND);
    assertThat(guard.isCurrent()).isFalse();
    assertThatThrownBy(guard::confirm).isInstanceOf(NotServing.class);
  }

  @Test
  void aNewLeaderGivesTheAbsentTimeOfItsOwn() {
    journal().voters.add(SECOND);
    journal().voters.add(THIRD);
    journal().alive.add(THIRD);
    membership.reconcile(List.of(listed(THIRD, NodeState.UP)));
    clock.addAndGet(2 * FORGET.toNanos());
    journal().depose(null);
    journal().elect();
    membership.reconcile(List.of(listed(THIRD, NodeState.UP)));
    assertThat(journal().voters).contains(SECOND);
  }

  @Test
  void theLeadershipIsHandedToAMemberThatAnswers() {
    assertThat(group.handOver(Duration.ofSeconds(1))).isFalse();
    assertThat(engine.isLeading()).isTrue();
    journal().voters.add(SECOND);
    journal().alive.add(SECOND);
    journal().transfersFail = true;
    assertThat(group.handOver(Duration.ofSeconds(1))).isFalse();
    assertThat(engine.isLeading()).isTrue();
    journal().transfersFail = false;
    assertThat(group.handOver(Duration.ofSeconds(5))).isTrue();
    assertThat(engine.isLeading()).isFalse();
  }

  @Test
  void nothingLeadsAfterAStopAndABrokenJournalEndsTheProcess() {
    group.stopTakingRoles();
    engine.stepDown("stopping");
    journal().elect();
    assertThat(engine.isLeading()).isFalse();
    assertThat(halts).isEmpty();
    journal().listener.broken("the disk is full", null);
    assertThat(halts).containsExactly(3);
  }

  @Test
  void theClaimOfAReignCountsOverAllGenerations() {
    registry.recordMembers(new Claim(1, 40, NODE), List.of(group.member().toString()));
    assertThat(group.claim()).isEqualTo(new Claim(1, 1, NODE));
    assertThat(group.generation()).isEqualTo(1);
  }
}
