package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.Condition;
import io.weir.cache.engine.EngineException;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.EngineSettings;
import io.weir.cache.engine.EvictionPolicy;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.TableLock;
import io.weir.cache.engine.Ticker;
import io.weir.cache.journal.JournalListener;
import io.weir.cache.journal.LogEnd;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.ReplicatedStateMachine;
import io.weir.cache.journal.raft.RaftDirectory;
import io.weir.cache.journal.raft.RescueMark;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.Value;
import io.weir.cache.membership.FakeMaster;
import io.weir.cache.membership.MasterAccessSettings;
import io.weir.cache.membership.MasterClient;
import io.weir.cache.membership.TopologyView;
import io.weir.cache.store.OtherDatabaseException;
import io.weir.cache.store.ShardRow;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.cache.store.UnusableDatabaseException;
import io.weir.cache.writeback.FlushSettings;
import io.weir.model.ClusterId;
import io.weir.model.Consistency;
import io.weir.model.DatabaseServer;
import io.weir.model.Durability;
import io.weir.model.GroupMember;
import io.weir.model.HashSlots;
import io.weir.model.JournalFormats;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.NodeState;
import io.weir.model.ServerFigures;
import io.weir.model.ShardProof;
import io.weir.model.SlotRange;
import io.weir.model.operator.RescueReport;
import io.weir.model.operator.Rescued;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(600)
class ShardServerTest {

  private static final NodeId NODE = new NodeId("cache-1");
  private static final Member OTHER = new Member("127.0.0.1", 8402, 7);
  private static final List<SlotRange> ALL = List.of(new SlotRange(0, HashSlots.COUNT - 1));

  private static final EngineSettings SETTINGS =
      new EngineSettings(
          1 << 20,
          Long.MAX_VALUE,
          1,
          TableLock.OPTIMISTIC,
          EvictionPolicy.LRU,
          1 << 19,
          1 << 18,
          1 << 16,
          Duration.ofMillis(10),
          16,
          4,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));

  private final FakeMaster master = new FakeMaster();
  private final FakeShardRegistry registry = new FakeShardRegistry();
  private final FakeBackingStore store = new FakeBackingStore();
  private final Ticker ticker = Ticker.system();
  private final AtomicLong clock = new AtomicLong();
  private final DatabaseAgreement agreement = new DatabaseAgreement(clock::get);
  private final ReignGate gate = new ReignGate(agreement);
  private final TopologyView topology =
      new TopologyView(learned -> new GroupMemory(directory()).remember(learned));
  private final List<Integer> exits = new CopyOnWriteArrayList<>();
  private final CacheEngine engine =
      new CacheEngine(SETTINGS, gate.over(store), Clock.systemUTC(), ticker);
  private final List<FakeGroupJournal> journals = new CopyOnWriteArrayList<>();

  @TempDir private Path directory;
  private ShardServer server;
  private DatabaseWatch watch;

  @BeforeEach
  void make() {
    server = server(Duration.ofMinutes(2));
  }

  @AfterEach
  void stop() {
    store.heal();
    server.stop();
    master.close();
  }

  @Test
  void itTakesWhatTheMasterAssignsAndLeads() {
    assertThat(server.isServing()).isFalse();
    server.start();
    await().until(() -> master.registrations.stream().anyMatch(r -> r.role() == NodeRole.LEADER));

    assertThat(server.isServing()).isTrue();
    assertThat(topology.owns(0)).isTrue();
    assertThat(master.registrations.getFirst().role()).isEqualTo(NodeRole.JOINING);
    assertThat(master.registrations)
        .isNotEmpty()
        .allSatisfy(sent -> assertThat(sent.proof()).isNotNull().isEqualTo(registry.proof));
    assertThat(master.last().generation()).isEqualTo(1);
    assertThat(master.last().ranges()).isEqualTo(ALL);
    assertThat(master.last().cluster()).isEqualTo(master.cluster);
    assertThat(registry.readOrCreate().leader()).isEqualTo(NODE);
  }

  @Test
  void theStopWritesBackWhatIsDirtyAndThenDeregisters() {
    lead();
    put("a", "1");
    server.stop();

    assertThat(server.isDrained()).isTrue();
    assertThat(server.whatIsLeft()).isEqualTo("nothing is left to write to the database");
    assertThat(store.row(EngineFixture.key("a")).value()).isNotNull();
    assertThat(server.isServing()).isFalse();
    assertThat(master.deregistrations).containsExactly(NODE);
    int registrations = master.registrations.size();
    server.stop();
    assertThat(master.deregistrations).hasSize(1);
    assertThat(master.registrations).hasSize(registrations);
  }

  @Test
  void aStopWithNothingLeftTellsTheDatabaseThatTheJournalHoldsNothing() {
    lead();
    put("a", "1");
    assertThat(registry.readOrCreate().isClean()).isFalse();
    server.stop();
    assertThat(registry.readOrCreate().isClean()).isTrue();
  }

  @Test
  void aStopWithSomethingLeftDoesNot() {
    ShardServer impatient = server(Duration.ofMillis(50));
    lead(impatient);
    store.goDown();
    put("a", "1", Durability.JOURNAL);
    impatient.stop();
    assertThat(registry.readOrCreate().isClean()).isFalse();
  }

  @Test
  void aStopOfAMemberOfAGroupDoesNot() {
    lead();
    journal().voters.add(OTHER);
    server.stop();
    assertThat(registry.readOrCreate().isClean()).isFalse();
  }

  @Test
  void theFirstWriteOfALoneServerWaitsForTheDatabasesWord() {
    registry.silentToReigns = true;
    server.start();
    await().until(server::isServing);
    assertThatThrownBy(() -> put("a", "1", Durability.JOURNAL))
        .isInstanceOf(EngineException.NotServing.class)
        .hasMessageContaining("has not confirmed yet");
    CompletableFuture<Void> write =
        CompletableFuture.runAsync(() -> put("b", "1", Durability.JOURNAL));
    registry.silentToReigns = false;
    write.join();
    // The founding has it on record that a loss would be noticed, so the write goes first.
    await().until(() -> registry.readOrCreate().knownEpoch() == 1);
  }

  @Test
  void aLoneServerWithAnOldJournalEndsWithASentence(CapturedOutput output) {
    registry.silentToReigns = true;
    server.start();
    await().until(server::isServing);
    registry.silentToReigns = false;
    registry.recordReign(new Claim(1, 1, NODE), 4, "a reign that its journal does not know");
    await().until(() -> exits.equals(List.of(1)));

    assertThat(server.isServing()).isFalse();
    assertThat(output).contains("is not the newest one of generation 1");
    server.stop();
    assertThat(registry.readOrCreate().isClean()).isFalse();
  }

  @Test
  void aStopThatCannotWriteBackBringsWhatIsInMemoryAloneIntoTheJournal() {
    ShardServer impatient = server(Duration.ofMillis(50));
    lead(impatient);
    store.goDown();
    put("a", "1");
    impatient.stop();
    assertThat(impatient.isDrained()).isTrue();
    assertThat(impatient.whatIsLeft()).startsWith("1 acknowledged").endsWith("none is lost");
  }

  @Test
  void aStopWithoutDatabaseAndJournalEndsInTimeAndSaysWhatIsLost() {
    ShardServer impatient = server(Duration.ofMillis(50));
    lead(impatient);
    store.goDown();
    put("a", "1");
    journals.getLast().refuses = true;
    impatient.stop();
    assertThat(impatient.isDrained()).isFalse();
    assertThat(impatient.whatIsLeft())
        .startsWith("0 acknowledged entries wait in the journal for the database, 0 of them")
        .endsWith("were kept in memory alone and are lost");
  }

  @Test
  void aStopThatCannotWriteBackLosesNothingThatIsInTheJournal() {
    ShardServer impatient = server(Duration.ofMillis(50));
    lead(impatient);
    store.goDown();
    put("a", "1", Durability.JOURNAL);
    impatient.stop();
    assertThat(impatient.isDrained()).isTrue();
    assertThat(impatient.whatIsLeft()).startsWith("1 acknowledged").endsWith("none is lost");
  }

  @Test
  void aStopWhileItJoinsLeavesNothingLeading() throws InterruptedException {
    master.gate = new CountDownLatch(1);
    server.start();
    await().until(() -> !master.registrations.isEmpty());
    Thread stop = Thread.ofPlatform().name("test-stop").start(server::stop);
    await().until(() -> stop.getState() == Thread.State.TIMED_WAITING);
    master.gate.countDown();
    stop.join();

    assertThat(server.isServing()).isFalse();
    assertThat(server.leaderTasks()).isNull();
    // After its registration, which had been on its way.
    assertThat(master.deregistrations).containsExactly(NODE);
    // Twice where the first was late.
    assertThat(master.registrations).hasSizeBetween(1, 2);
  }

  @Test
  void aServerThatNeverRegisteredDeregistersNobody() {
    server.stop();
    assertThat(master.deregistrations).isEmpty();
  }

  @Test
  void aRefusalEndsTheProcess() {
    master.refusal = 409;
    server.start();
    await().until(() -> exits.equals(List.of(1)));
    assertThat(server.isServing()).isFalse();
    assertThat(registry.readOrCreate().generation()).isZero();
    server.stop();
    assertThat(master.deregistrations).isEmpty();
  }

  @Test
  void aServerWhoseNameStillHasALeaseElsewhereWaitsForItsEnd(CapturedOutput output) {
    master.refusal = 409;
    master.more = ", \"leaseMillis\": 60000";
    server.start();
    await().until(() -> output.toString().contains("waiting for another server of this name"));
    master.refusal = 0;
    await().until(server::isServing);
    assertThat(exits).isEmpty();
  }

  @Test
  void aServerWhoseNameIsRenewedElsewhereMustNotRun(CapturedOutput output) {
    master.refusal = 409;
    master.more = ", \"leaseMillis\": 10";
    server.start();
    await().until(() -> exits.equals(List.of(1)));
    assertThat(output).contains("waiting for another server of this name");
    assertThat(server.isServing()).isFalse();
  }

  @Test
  void aForeignDatabaseEndsTheProcess() {
    registry.assign(ClusterId.random(), 1, ALL);
    server.start();
    await().until(() -> exits.equals(List.of(1)));
    assertThat(server.isServing()).isFalse();
  }

  @Test
  void aSpareServesNothingAndKeepsItsLease() {
    master.ranges = List.of();
    server.start();
    await().until(() -> master.registrations.size() >= 3);
    assertThat(server.isServing()).isFalse();
    assertThat(topology.isAssigned()).isTrue();
    assertThat(registry.readOrCreate().generation()).isZero();
    assertThat(exits).isEmpty();
  }

  @Test
  void withoutAMasterItServesTheSlotsThatTheDatabaseRecords(CapturedOutput output) {
    registry.assign(ClusterId.random(), 1, ALL);
    master.close();
    server.start();
    await().until(server::isServing);
    assertThat(topology.owns(1)).isTrue();
    assertThat(output.toString().split("waiting for a master", -1)).hasSize(2);
  }

  @Test
  void withoutAMasterAndWithoutSlotsItWaits(CapturedOutput output) {
    int port = master.port();
    master.close();
    server.start();
    await().until(() -> output.toString().contains("waiting for a master"));
    assertThat(server.isServing()).isFalse();
    try (FakeMaster late = new FakeMaster(port)) {
      await().until(server::isServing);
      server.stop();
      assertThat(late.deregistrations).containsExactly(NODE);
    }
  }

  @Test
  void aMasterThatHasNoClusterForItYetIsAskedAgain(CapturedOutput output) {
    master.refusal = 503;
    master.detail = "The registry is empty.";
    server.start();
    await().until(() -> output.toString().contains("503: The registry is empty."));
    assertThat(server.isServing()).isFalse();
    master.refusal = 0;
    await().until(server::isServing);
    assertThat(exits).isEmpty();
    assertThat(output.toString().split("waiting for a master", -1)).hasSize(2);
  }

  @Test
  void aDatabaseThatIsAwayIsWaitedFor(CapturedOutput output) {
    registry.down = true;
    server.start();
    await().until(() -> output.toString().contains("waiting for the database"));
    registry.down = false;
    await().until(server::isServing);
  }

  /** Makes the directory and the row those of a server that led, and died. */
  private void ledBefore() throws IOException {
    registry.assign(master.cluster, 1, ALL);
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
    memory().remember(place.row());
    Files.createDirectories(directory.resolve("log"));
    Files.createDirectories(directory.resolve("votes"));
  }

  @Test
  void withAJournalItServesWhatItHoldsWhileTheDatabaseIsAway(CapturedOutput output)
      throws IOException {
    ledBefore();
    ShardProof proof = registry.proof(ShardProof.random());
    memory().remember(registry.readOrCreate().id(), proof);
    registry.down = true;
    server.start();
    await().until(() -> !master.registrations.isEmpty() && master.last().role() == NodeRole.LEADER);
    assertThat(master.last().proof()).isEqualTo(proof);

    assertThat(server.isServing()).isTrue();
    assertThat(topology.owns(1)).isTrue();
    assertThat(master.last().generation()).isEqualTo(1);
    assertThat(output).contains("going on with the journal");
    assertThatThrownBy(() -> put("a", "1", Durability.JOURNAL))
        .hasMessageContaining("has not confirmed yet");

    registry.down = false;
    await().until(() -> server.group().isRecorded());
    put("a", "1", Durability.JOURNAL);
    await().until(() -> output.toString().contains("the database answers"));
    assertThat(exits).isEmpty();
  }

  @Test
  void withoutDatabaseAndProofItServesAndShowsTheProofOnceTheDatabaseAnswers() throws IOException {
    ledBefore();
    ShardProof proof = registry.proof(ShardProof.random());
    registry.down = true;
    master.refusal = 409;
    master.more = ", \"type\": \"urn:weir:problem:foreign-shard\"";
    server.start();
    await().until(server::isServing);
    assertThat(master.last().proof()).isNull();
    assertThat(exits).isEmpty();

    registry.down = false;
    await().until(() -> proof.equals(master.last().proof()));
    assertThat(memory().recallProof(registry.readOrCreate().id())).contains(proof);
    assertThat(exits).isEmpty();
  }

  @Test
  void aServerThatShowsAnotherProofThanTheMastersKnowOfDoesNotRun() throws IOException {
    ledBefore();
    memory().remember(registry.readOrCreate().id(), ShardProof.random());
    registry.down = true;
    master.refusal = 409;
    master.more = ", \"type\": \"urn:weir:problem:foreign-shard\"";
    server.start();
    await().until(() -> exits.equals(List.of(1)));
  }

  @Test
  void withAJournalAndWithoutDatabaseAndMasterItKnowsTheTopologyOfBefore() throws IOException {
    ledBefore();
    server.start();
    await().until(() -> server.isServing() && topology.topologyVersion() == 1);
    server.stop();

    registry.down = true;
    master.close();
    TopologyView recalled = new TopologyView();
    memory().recallTopology().ifPresent(recalled::recall);
    assertThat(recalled.topologyVersion()).isEqualTo(1);
    ShardServer again = server(Duration.ofMillis(50));
    again.start();
    await().until(again::isServing);
    again.stop();
  }

  @Test
  void aDatabaseThatTurnsOutToBeAnotherEndsTheProcess(CapturedOutput output) throws IOException {
    ledBefore();
    registry.down = true;
    server.start();
    await().until(server::isServing);
    registry.becomeAnother();
    registry.down = false;
    await().until(() -> exits.equals(List.of(1)));
    assertThat(server.isServing()).isFalse();
    assertThat(output).contains("weir.database.url leads to the database of shard");
  }

  @Test
  void aDatabaseThatTurnsOutToBeUnusableEndsTheProcess(CapturedOutput output) throws IOException {
    ledBefore();
    registry.down = true;
    server.start();
    await().until(server::isServing);
    registry.unusable =
        new UnusableDatabaseException("holds another version's tables", new SQLException());
    registry.silentToReigns = true;
    registry.down = false;
    await().until(() -> exits.equals(List.of(1)));
    assertThat(output).contains("must not run: holds another version's tables");
  }

  @Test
  void aServerThatWasFoundedOverMeanwhileEndsOnceTheDatabaseAnswers(CapturedOutput output)
      throws IOException {
    ledBefore();
    registry.found(1, 2, new NodeId("cache-2"), "127.0.0.1:8402:7", "a secret of the group");
    registry.down = true;
    server.start();
    await().until(server::isServing);
    registry.down = false;
    await().until(() -> exits.equals(List.of(1)));
    assertThat(output).contains("founded anew in generation 2 by cache-2");
  }

  @Test
  void aServerWhoseFlushIsFencedServesNothingMore() {
    lead();
    put("a", "1");
    store.takeOver(new Claim(2, 2, new NodeId("cache-2")));
    await().until(() -> !server.isServing());

    // The journal learns it too, later; then the server is a replica, and may lead again.
    journal().depose(OTHER);
    await().until(server::isServing);
    assertThat(engine.isLeading()).isFalse();
    store.takeOver(new Claim(1, 0, NODE));
    journal().elect();
    await().until(() -> engine.statistics().dirty().entries() == 0);
  }

  @Test
  void anIdleServerLearnsFromTheDatabaseThatItLostItsShard(CapturedOutput output) {
    lead();
    master.refusal = 409;
    registry.found(1, 2, new NodeId("cache-2"), "127.0.0.1:8402:7", "a secret of the group");
    await().until(() -> exits.equals(List.of(1)));
    assertThat(server.isServing()).isFalse();
    assertThat(output).contains("founded anew in generation 2 by cache-2");
    server.stop();
    // Its successor may bear the same name.
    assertThat(master.deregistrations).isEmpty();
  }

  @Test
  void aRefusedHeartbeatAloneEndsNothing() {
    lead();
    master.refusal = 409;
    int registrations = master.registrations.size();
    await().until(() -> master.registrations.size() > registrations);
    assertThat(server.isServing()).isTrue();
  }

  @Test
  void aDrainedServerThatIsAloneWritesEverythingBackAndAnswersReads() throws InterruptedException {
    lead();
    Drain drain = new Drain(server, engine);
    assertThat(drain.state()).isEqualTo(Drain.State.ACTIVE);
    store.goDown();
    put("a", "1");
    drain.begin();
    assertThat(drain.await(Duration.ofMillis(50))).isFalse();
    await().until(drain::refusesWrites);
    assertThat(drain.state()).isEqualTo(Drain.State.DRAINING);
    assertThatThrownBy(() -> put("b", "1"))
        .isInstanceOf(EngineException.NotServing.class)
        .hasMessageContaining("drained");

    store.heal();
    assertThat(drain.await(Duration.ofMinutes(2))).isTrue();
    assertThat(store.row(EngineFixture.key("a")).value()).isNotNull();
    assertThat(engine.read(EngineFixture.key("a"), false, null).what().value()).isNotNull();

    drain.undo();
    assertThat(drain.state()).isEqualTo(Drain.State.ACTIVE);
    put("b", "1");
  }

  @Test
  void inAGroupADrainedServerGivesTheLeadershipUpWheneverItGetsIt() throws InterruptedException {
    lead();
    journal().voters.add(OTHER);
    journal().alive.add(OTHER);
    Drain drain = new Drain(server, engine);
    drain.begin();
    assertThat(drain.await(Duration.ofMinutes(2))).isTrue();
    assertThat(engine.isLeading()).isFalse();
    assertThat(engine.isServing()).isTrue();

    journal().elect();
    await().until(() -> drain.state() == Drain.State.DRAINED);
    assertThat(engine.isLeading()).isFalse();

    drain.undo();
    journal().elect();
    assertThat(engine.isLeading()).isTrue();
    put("a", "1", Durability.JOURNAL);
  }

  @Test
  void aDrainedServerWithoutAnotherMemberHandsOverOnceOneIsThere() throws InterruptedException {
    lead();
    Drain drain = new Drain(server, engine);
    drain.begin();
    assertThat(drain.await(Duration.ofMinutes(2))).isTrue();
    assertThat(drain.refusesWrites()).isTrue();
    journal().voters.add(OTHER);
    journal().alive.add(OTHER);
    await().until(() -> server.group().claim() == null);
    assertThat(drain.state()).isEqualTo(Drain.State.DRAINED);
    assertThat(drain.refusesWrites()).isFalse();
    drain.undo();
  }

  @Test
  void aStopEndsADrain() {
    lead();
    put("a", "1");
    Drain drain = new Drain(server, engine);
    drain.begin();
    server.stop();
    assertThat(server.isDrained()).isTrue();
    assertThat(drain.state()).isEqualTo(Drain.State.DRAINED);
  }

  /** The members that answer at their journals' ports. */
  private final Set<String> alive = new HashSet<>();

  private Rescue rescue() {
    return new Rescue(
        directory,
        NODE,
        registry,
        memory(),
        engine,
        new OtherMembers(
            new Member("127.0.0.1", 8401, 1),
            (member, group, asking, secret) -> alive.contains(member.toString())),
        Clock.systemUTC(),
        server);
  }

  /** Loses the other one of two. */
  private Rescue survive() throws IOException {
    await().until(() -> server.group().isRecorded());
    Files.createDirectories(directory.resolve("log"));
    Files.createDirectories(directory.resolve("votes"));
    journal().voters.add(OTHER);
    registry.recordMembers(
        server.group().claim(), List.of(journal().self.toString(), OTHER.toString()));
    journal().depose(null);
    return rescue();
  }

  @Test
  void aJournalIsNotRescuedAsLongAsSomethingStandsInItsWay() throws IOException {
    assertThatThrownBy(() -> rescue().report())
        .isInstanceOf(RescueRefusedException.class)
        .hasMessageContaining("has no place in its shard's group yet");
    lead();
    assertThat(rescue().report().obstacle()).contains("this server leads its shard");
    Rescue rescue = survive();

    alive.add(OTHER.toString());
    assertThat(rescue.report().obstacle()).contains(OTHER + " answers at its journal's port");
    alive.clear();
    master.list(other(NodeRole.REPLICA, null));
    await().until(() -> !server.heard().up().isEmpty());
    assertThat(rescue.report().obstacle()).contains(OTHER + " is listed as up by the master");
    assertThatThrownBy(() -> rescue.rescue(1)).isInstanceOf(RescueRefusedException.class);
    master.list();
    await().until(() -> server.heard().up().isEmpty());
    registry.down = true;
    assertThat(rescue.report().obstacle()).contains("the database", "does not answer");
    assertThat(rescue.report().others()).isEmpty();
    registry.down = false;
    journal().voters.remove(journal().self);
    assertThat(rescue.report().obstacle()).contains("does not hold the group's log");
    journal().voters.add(journal().self);
    assertThatThrownBy(() -> rescue.rescue(2))
        .isInstanceOf(RescueRefusedException.class)
        .hasMessageContaining("in generation 1, not 2");
    assertThat(rescue.report().obstacle()).isNull();
    assertThat(journal().closed).isFalse();
    assertThat(registry.readOrCreate().generation()).isEqualTo(1);
    assertThat(exits).isEmpty();
  }

  @Test
  void whereTheMastersAreAwayWhatTheyListedDoesNotCount() throws IOException {
    lead();
    Rescue rescue = survive();
    master.list(other(NodeRole.REPLICA, null));
    await().until(() -> !server.heard().up().isEmpty());
    master.close();
    await().until(() -> rescue.report().obstacle() == null);
  }

  @Test
  void aSurvivorFoundsTheNextGenerationWithItsJournalAndEnds() throws IOException {
    lead();
    Rescue rescue = survive();
    journal().logEnd = new LogEnd(47, new LogEnd.Time(Instant.now().minusSeconds(90), true));
    RescueReport report = rescue.report();
    assertThat(report.lastEntryAgeMillis()).isBetween(90_000L, 600_000L);
    assertThat(report.others())
        .containsExactly(new RescueReport.Other(OTHER.toString(), false, false));
    assertThat(report.unknown().getFirst()).contains("what was acknowledged is in this log");

    assertThat(rescue.rescue(1)).isEqualTo(new Rescued(2, 47));
    await().until(() -> exits.equals(List.of(ShardServer.START_AGAIN)));
    assertThat(journal().closed).isTrue();
    assertThat(server.isServing()).isFalse();
    ShardRow row = registry.readOrCreate();
    assertThat(row.generation()).isEqualTo(2);
    assertThat(row.members()).containsExactly(journal().self.toString());
    assertThat(RaftDirectory.identityIn(directory).orElseThrow().group())
        .isEqualTo(Founding.group(row, 2));
    assertThat(memory().recall().orElseThrow().generation()).isEqualTo(2);
    assertThatThrownBy(() -> rescue.rescue(2)).isInstanceOf(RescueRefusedException.class);
  }

  @Test
  void aRescueOfWhichTheDatabaseDoesNotSayWhatBecameEndsTheProcess() throws IOException {
    lead();
    Rescue rescue = survive();
    registry.readOnly = true;
    assertThatThrownBy(() -> rescue.rescue(1)).isInstanceOf(StoreUnavailableException.class);
    await().until(() -> exits.equals(List.of(ShardServer.START_AGAIN)));
    assertThat(RaftDirectory.identityIn(directory).orElseThrow().group()).endsWith("-g1");
    RescueMark mark = RescueMark.in(directory).orElseThrow();

    // The same again, after a start: under the same secret, for the first may yet come through.
    registry.readOnly = false;
    server.stop();
    server = server(Duration.ofMillis(50));
    registry.silentToReigns = true;
    lead();
    journal().voters.add(OTHER);
    journal().depose(null);
    registry.silentToReigns = false;
    assertThat(rescue().rescue(1).generation()).isEqualTo(2);
    assertThat(registry.readOrCreate().secret()).isEqualTo(mark.secret());
  }

  private void lead() {
    lead(server);
  }

  private void lead(ShardServer one) {
    one.start();
    await().until(one::isServing);
    await().until(() -> !master.registrations.isEmpty() && master.last().role() == NodeRole.LEADER);
  }

  @Test
  void itTellsTheDatabaseServerThatItSawLastWhileTheDatabaseStalls() {
    registry.server = new DatabaseServer("a");
    lead();
    await().until(() -> new DatabaseServer("a").equals(master.last().databaseServer()));
    registry.stallLooks = new CountDownLatch(1);
    Thread look = Thread.ofPlatform().daemon().start(watch::look);
    int heartbeats = master.registrations.size();
    await().until(() -> master.registrations.size() > heartbeats + 3);
    assertThat(master.last().databaseServer()).isEqualTo(new DatabaseServer("a"));
    assertThat(look.isAlive()).isTrue();
    registry.stallLooks.countDown();
  }

  @Test
  void aReplicaOfAnotherDatabaseServesWhatIsInMemoryAndLoadsNothing() {
    registry.server = new DatabaseServer("b");
    store.insert(EngineFixture.key("row"), 1, EngineFixture.value("old"));
    lead();
    put("resident", "1");
    master.list(other(NodeRole.LEADER, new DatabaseServer("a")));
    journal().depose(OTHER);
    await().until(agreement::differs);
    clock.addAndGet(DatabaseAgreement.PATIENCE.toNanos());

    assertThat(read("resident")).isNotNull();
    assertThatThrownBy(() -> read("row"))
        .isInstanceOf(OtherDatabaseException.class)
        .hasMessageContaining("only what is in memory is read here");

    watch.look();
    assertThat(store.renewals).hasPositiveValue();
    registry.server = new DatabaseServer("a");
    watch.look();
    assertThat(agreement.differs()).isFalse();
    assertThat(read("row")).isNotNull();
  }

  /** The other member, as a master lists it. */
  private static GroupMember other(NodeRole role, @Nullable DatabaseServer database) {
    return new GroupMember(
        new NodeId("cache-2"),
        URI.create("http://127.0.0.1:7402"),
        role,
        NodeState.UP,
        OTHER.toString(),
        new JournalFormats(1, 1),
        database);
  }

  private @Nullable Value read(String key) {
    return engine.read(EngineFixture.key(key), false, Consistency.EVENTUAL).what().value();
  }

  private void put(String key, String value) {
    put(key, value, Durability.MEMORY);
  }

  private void put(String key, String value, Durability durability) {
    engine.write(EngineFixture.key(key), EngineFixture.value(value), Condition.NONE, durability);
  }

  private FakeGroupJournal journal() {
    return journals.getLast();
  }

  private JournalFactory.Unstarted journal(
      Founding.Place place, ReplicatedStateMachine machine, JournalListener listener) {
    FakeGroupJournal journal = new FakeGroupJournal(place, machine, listener);
    journals.add(journal);
    return new JournalFactory.Unstarted(journal, journal::elect);
  }

  private Path directory() {
    return directory;
  }

  private GroupMemory memory() {
    return new GroupMemory(directory);
  }

  private ShardServer server(Duration drainTimeout) {
    ThisServer self =
        new ThisServer(
            NODE,
            URI.create("http://127.0.0.1:7401"),
            null,
            () -> FastUrls.NONE,
            () -> ServerFigures.NONE);
    watch = new DatabaseWatch(self, agreement, registry, store);
    FlushSettings flush =
        new FlushSettings(
            Duration.ofMillis(50),
            1 << 20,
            100,
            1 << 20,
            Duration.ZERO,
            Duration.ofMillis(1),
            Duration.ofMillis(5));
    return new ShardServer(
        self,
        registry,
        new Founding(
            directory,
            new Member("127.0.0.1", 8401, 1),
            NODE,
            null,
            null,
            registry,
            (member, group, asking, secret) -> false),
        memory(),
        new MasterClient(
            new MasterAccessSettings(
                List.of(master.url()),
                Duration.ofMinutes(2),
                null,
                new MasterAccessSettings.Ssl(null)),
            null,
            null),
        topology,
        new LeaderTasks.Parts(
            engine,
            gate.over(store),
            gate,
            registry,
            flush,
            new TtlSettings(Duration.ofSeconds(10), Duration.ofSeconds(5), 100),
            (result, entries, statements, took) -> {},
            Clock.systemUTC(),
            ticker),
        new ShardGroup.Parts(
            this::journal,
            Duration.ofSeconds(1),
            true,
            Duration.ofMinutes(10),
            3,
            new SimpleMeterRegistry().timer("appends")),
        watch,
        drainTimeout,
        exits::add);
  }
}
