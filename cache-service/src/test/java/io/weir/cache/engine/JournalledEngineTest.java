package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.EngineException.ConditionFailed;
import io.weir.cache.engine.EngineException.NotLeader;
import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineException.OutcomeOpen;
import io.weir.cache.engine.EngineException.TooMuchDirty;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An engine whose journal takes its time, loses its leadership, or brings a snapshot. */
@Timeout(600)
class JournalledEngineTest {

  private static final int ENTRY = Weights.ofDirty(key("k0"), value("v"));

  private EngineFixture cache = EngineFixture.of(settings());
  private ManualJournal journal = new ManualJournal(cache.engine);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private void lead() {
    journal = new ManualJournal(cache.engine);
    cache.engine.lead(journal, EngineFixture.versions(), ReadGuard.ALWAYS);
  }

  private Future<Written> put(String key, String value) {
    int before = journal.waiting();
    Future<Written> put =
        executor.submit(
            () -> cache.engine.write(key(key), value(value), Condition.NONE, Durability.JOURNAL));
    await().until(() -> journal.waiting() > before || put.isDone());
    return put;
  }

  private void dirty(String key, long version, String value) {
    cache.engine.apply(
        new Mutation.Written(new Write(key(key), new Version(version), value(value))));
  }

  @Test
  void aWriteIsAcknowledgedAndSeenOnceTheJournalHasIt() throws Exception {
    lead();
    Future<Written> put = put("k", "v");

    assertThat(put.isDone()).isFalse();
    assertThat(cache.get("k")).isNull();
    journal.applyNext();

    assertThat(put.get().durability()).isEqualTo(Durability.JOURNAL);
    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(cache.engine.statistics().dirty().memoryOnlyEntries()).isZero();
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("k"), value("v")));
  }

  @Test
  void aWriteThatWaitedForItsGateOverAChangeOfReignHasAVersionOfTheNewOne() throws Exception {
    lead();
    CompletableFuture<Written> second = new CompletableFuture<>();
    boolean alone =
        cache
            .engine
            .dirtySet()
            .aloneNow(
                key("k"),
                () -> {
                  Thread waiting =
                      Thread.ofPlatform()
                          .start(() ->
                              second.complete(
                                  cache.engine.write(
                                      key("k"),
                                      value("second"),
                                      Condition.NONE,
                                      Durability.JOURNAL)));
                  await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
                  journal = new ManualJournal(cache.engine);
                  leadInEpoch(9);
                  return true;
                })
            .orElseThrow();
    assertThat(alone).isTrue();
    await().until(() -> journal.waiting() == 1);
    journal.applyNext();

    assertThat(second.get(1, TimeUnit.MINUTES).version().epoch()).isEqualTo(9);
    assertThat(cache.get("k")).isEqualTo("second");
  }

  private void leadInEpoch(int epoch) {
    cache.engine.lead(
        journal,
        new VersionSequence(1, epoch, () -> CompletableFuture.completedFuture(epoch + 1L)),
        ReadGuard.ALWAYS);
  }

  /** Or it would count on what the new leader's log may not have. */
  @Test
  void aConditionalWriteWaitsForTheOutcomeOfWhatAnEarlierReignHasProposed() throws Exception {
    lead();
    Future<Written> first = put("k", "first");
    ManualJournal before = journal;
    journal = new ManualJournal(cache.engine);
    leadInEpoch(9);
    CompletableFuture<Written> second = new CompletableFuture<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(() ->
                second.complete(
                    cache.engine.write(
                        key("k"),
                        value("second"),
                        now -> now.value() == null,
                        Durability.JOURNAL)));
    await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
    assertThat(journal.waiting()).isZero();
    before.failNext();
    await().until(() -> journal.waiting() == 1);
    journal.applyNext();

    assertThat(second.get(1, TimeUnit.MINUTES).version().epoch()).isEqualTo(9);
    assertThatThrownBy(first::get).hasCauseInstanceOf(OutcomeOpen.class);
    assertThat(cache.get("k")).isEqualTo("second");
  }

  @Test
  void anOpenOutcomeGivesItsBytesBackAndMayStillBeApplied() {
    lead();
    Future<Written> put = put("k", "v");
    List<Mutation> mutations = journal.failNext();

    assertThatThrownBy(put::get).hasCauseInstanceOf(OutcomeOpen.class);
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
    cache.engine.follow(ReadGuard.ALWAYS);
    mutations.forEach(cache.engine::apply);
    assertThat(text(cache.engine.read(key("k"), false, Consistency.EVENTUAL).what()))
        .isEqualTo("v");
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("k"), value("v")));
  }

  @Test
  void aConditionalWriteIsDecidedOnAPipelinedOneAndLaterOnesFollowIt() throws Exception {
    lead();
    Future<Written> first = put("k", "first");
    Future<Written> conditional =
        executor.submit(() ->
            cache.engine.write(
                key("k"),
                value("conditional"),
                current -> "first".equals(text(current)),
                Durability.JOURNAL));
    await().until(() -> journal.waiting() == 2);
    Future<Written> later = put("k", "later");
    assertThat(journal.waiting()).isEqualTo(3);
    journal.applyNext();
    first.get();
    assertThat(conditional.isDone()).isFalse();
    journal.applyNext();
    conditional.get();
    journal.applyNext();
    assertThat(later.get().version().isNewerThan(conditional.get().version())).isTrue();
    assertThat(cache.get("k")).isEqualTo("later");
  }

  @Test
  void aConditionThatFailsOnWhatIsProposedIsToldOnceThatIsApplied() throws Exception {
    lead();
    Future<Written> first = put("k", "first");
    Future<Written> conditional =
        executor.submit(() ->
            cache.engine.write(
                key("k"), value("x"), now -> now.value() == null, Durability.JOURNAL));
    assertThatThrownBy(() -> conditional.get(50, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    journal.applyNext();
    first.get();
    assertThatThrownBy(conditional::get)
        .cause()
        .isInstanceOf(ConditionFailed.class)
        .satisfies(e -> assertThat(text(((ConditionFailed) e).current())).isEqualTo("first"));
    assertThat(journal.waiting()).isZero();
  }

  private void leadWithoutWrites() {
    cache.engine.leadWithoutWrites(
        journal, EngineFixture.versions(), ReadGuard.ALWAYS, "not confirmed yet");
  }

  @Test
  void writesOfALeaderThatTakesNoneYetWaitUntilItDoes() throws Exception {
    dirty("k", 1, "kept");
    leadWithoutWrites();
    Future<Written> put =
        executor.submit(
            () -> cache.engine.write(key("k"), value("v"), Condition.NONE, Durability.JOURNAL));
    assertThat(cache.get("k")).isEqualTo("kept");
    assertThat(cache.engine.isLeading()).isFalse();
    assertThat(journal.waiting()).isZero();

    cache.engine.acceptWrites();
    await().until(() -> journal.waiting() == 1);
    journal.applyNext();
    put.get();
    assertThat(cache.get("k")).isEqualTo("v");
  }

  @Test
  void writesThatWaitInVainForALeaderToTakeThemAreRefused() {
    cache = EngineFixture.of(settings().maxKeyWait(Duration.ofMillis(20)));
    journal = new ManualJournal(cache.engine);
    leadWithoutWrites();
    assertThatThrownBy(
            () -> cache.engine.write(key("k"), value("v"), Condition.NONE, Durability.JOURNAL))
        .isInstanceOf(NotServing.class)
        .hasMessage("not confirmed yet");
  }

  @Test
  void writesThatWaitAreToldOfTheEndOfAReignAtOnce() {
    leadWithoutWrites();
    Future<Written> put =
        executor.submit(
            () -> cache.engine.write(key("k"), value("v"), Condition.NONE, Durability.JOURNAL));
    cache.engine.stepDown("deposed");
    assertThatThrownBy(put::get).cause().isInstanceOf(NotServing.class).hasMessage("deposed");
  }

  @Test
  void aConditionIsHeldAgainstAReadThatTheGroupVouchesFor() {
    AtomicBoolean current = new AtomicBoolean();
    AtomicInteger confirmed = new AtomicInteger();
    cache.engine.lead(
        journal,
        EngineFixture.versions(),
        new ReadGuard() {
          @Override
          public boolean isCurrent() {
            return current.get();
          }

          @Override
          public void confirm() {
            if (confirmed.incrementAndGet() > 1) {
              throw new NotServing("deposed");
            }
            dirty("k", 9, "of another leader");
          }
        });

    assertThatThrownBy(() ->
            cache.engine.write(
                key("k"), value("x"), now -> now.value() == null, Durability.JOURNAL))
        .isInstanceOf(ConditionFailed.class)
        .satisfies(
            e -> assertThat(text(((ConditionFailed) e).current())).isEqualTo("of another leader"));
    assertThatThrownBy(() ->
            cache.engine.write(
                key("k"), value("x"), now -> now.value() == null, Durability.JOURNAL))
        .isInstanceOf(NotServing.class);
  }

  @Test
  void aReadThatNoLeaseVouchesForIsRepeatedOnceTheGroupHasConfirmed() {
    dirty("k", 1, "old");
    cache.engine.lead(
        journal,
        EngineFixture.versions(),
        new ReadGuard() {
          @Override
          public boolean isCurrent() {
            return false;
          }

          @Override
          public void confirm() {
            dirty("k", 2, "new");
          }
        });

    assertThat(cache.get("k")).isEqualTo("new");
    assertThat(text(cache.engine.read(key("k"), false, Consistency.EVENTUAL).what()))
        .isEqualTo("new");
  }

  @Test
  void aReplicaServesTheReadsThatAskForOneAndNothingElse() {
    AtomicInteger confirmed = new AtomicInteger();
    cache.engine.follow(
        new ReadGuard() {
          @Override
          public boolean isCurrent() {
            return false;
          }

          @Override
          public void confirm() {
            confirmed.incrementAndGet();
          }
        });
    dirty("k", 1, "v");

    assertThat(text(cache.engine.read(key("k"), false, Consistency.EVENTUAL).what()))
        .isEqualTo("v");
    assertThat(confirmed).hasValue(0);
    assertThat(text(cache.engine.read(key("k"), false, Consistency.LINEARIZABLE).what()))
        .isEqualTo("v");
    assertThat(confirmed).hasValue(1);
    assertThatThrownBy(() -> cache.get("k")).isInstanceOf(NotLeader.class);
    assertThatThrownBy(() -> cache.put("k", "w")).isInstanceOf(NotLeader.class);
  }

  @Test
  void aSnapshotReplacesDirtyCleanAndNegativeEntriesAndTheirBytes() {
    lead();
    cache.store.insert(key("clean"), 3, value("stale"));
    assertThat(cache.get("clean")).isEqualTo("stale");
    assertThat(cache.get("absent")).isNull();
    dirty("flushed elsewhere", 4, "v");
    dirty("k", 5, "old");
    List<Write> flushing = cache.takeAll();
    cache.store.insert(key("clean"), 8, value("fresh"));

    cache.install(new Write(key("k"), new Version(9), value("new")));

    assertThat(cache.get("k")).isEqualTo("new");
    assertThat(cache.isResident("flushed elsewhere")).isFalse();
    assertThat(cache.isResident("absent")).isFalse();
    assertThat(cache.get("clean")).isEqualTo("fresh");
    EngineStatistics now = cache.engine.statistics();
    assertThat(now.dirty().entries()).isEqualTo(1);
    assertThat(now.dirty().bytes()).isEqualTo(Weights.ofDirty(key("k"), value("new")));
    // What was in a flush then is nobody's any more.
    cache.engine.dirtySet().giveBack(flushing);
    assertThat(cache.takeAll()).extracting(Write::version).containsExactly(new Version(9));
  }

  @Test
  void aLoadThatASnapshotOvertakesIsNotInstalled() {
    lead();
    cache.store.insert(key("k"), 1, value("before"));
    cache.store.afterLoad =
        loaded -> {
          cache.store.afterLoad = other -> {};
          // The row that was read is older than a flush that the snapshot knows of.
          cache.store.insert(key("k"), 7, value("after"));
          cache.install();
        };

    assertThat(cache.get("k")).isEqualTo("before"); // It overlaps; whoever comes later reads anew.
    assertThat(cache.isResident("k")).isFalse();
    assertThat(cache.get("k")).isEqualTo("after");
  }

  @Test
  void aSnapshotIsWhatIsDirtyWhetherQueuedFlushingOrQuarantined() {
    lead();
    dirty("queued", 1, "v");
    dirty("flushing", 2, "v");
    dirty("poison", 3, "v");
    List<Write> taken = cache.takeAll();
    cache.engine.dirtySet().giveBack(List.of(taken.get(0)));
    assertThat(cache.engine.dirtySet().quarantine(taken.get(2))).isTrue();
    cache.store.insert(key("clean"), 1, value("v"));
    assertThat(cache.get("clean")).isEqualTo("v");

    List<String> saved = new ArrayList<>();
    cache.saved().forEach(write -> saved.add(write.key().toString()));

    assertThat(saved).containsExactlyInAnyOrder("queued", "flushing", "poison");
    // A new leader's write-back finds all of it due.
    cache.engine.dirtySet().requeueAll();
    assertThat(cache.takeAll()).hasSize(3);
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isZero();
  }

  @Test
  void aDiscardedVersionIsGoneAtEveryMemberUnlessItWasReplaced() {
    cache.engine.follow(ReadGuard.ALWAYS);
    cache.store.insert(key("k"), 3, value("row"));
    dirty("k", 5, "refused");
    dirty("replaced", 5, "refused");
    dirty("replaced", 6, "newer");
    cache.engine.apply(new Mutation.Discarded(key("k"), new Version(5)));
    cache.engine.apply(new Mutation.Discarded(key("replaced"), new Version(5)));
    cache.engine.apply(new Mutation.Discarded(key("absent"), new Version(5)));

    assertThat(text(cache.engine.read(key("k"), false, Consistency.EVENTUAL).what()))
        .isEqualTo("row");
    assertThat(cache.saved()).extracting(Write::version).containsExactly(new Version(6));
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("replaced"), value("newer")));
    // The log may be applied again over a snapshot.
    dirty("k", 5, "refused");
    cache.engine.apply(new Mutation.Discarded(key("k"), new Version(5)));
    assertThat(text(cache.engine.read(key("k"), false, Consistency.EVENTUAL).what()))
        .isEqualTo("row");
  }

  @Test
  void theLogMayBeAppliedAgainOverASnapshot() {
    cache.install(new Write(key("k"), new Version(5), value("five")));
    dirty("k", 3, "three");
    cache.engine.apply(new Mutation.Flushed(key("k"), new Version(3)));
    dirty("k", 5, "five");

    assertThat(cache.takeAll()).extracting(Write::version).containsExactly(new Version(5));
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("k"), value("five")));
  }

  @Test
  void aRowThatAReplicaLoadedAheadOfItsLogIsDirtyOnceTheLogComesToIt() {
    cache.engine.follow(ReadGuard.ALWAYS);
    cache.store.insert(key("k"), 5, value("five"));
    Versioned loaded = cache.engine.read(key("k"), false, Consistency.EVENTUAL).what();
    assertThat(loaded.version()).isEqualTo(new Version(5));
    dirty("k", 4, "four");
    assertThat(cache.takeAll()).extracting(Write::version).containsExactly(new Version(4));
    cache.engine.apply(new Mutation.Flushed(key("k"), new Version(4)));

    dirty("k", 5, "five");

    // The database may have shown the row before it was safe there: the leader has not said so yet.
    assertThat(cache.engine.statistics().dirty().entries()).isEqualTo(1);
    cache.engine.apply(new Mutation.Flushed(key("k"), new Version(5)));
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
  }

  @Test
  void theAcknowledgementOfAnOlderFlushLeavesTheNewerOneInProgress() {
    dirty("k", 5, "five");
    cache.takeAll();
    dirty("k", 6, "six");
    List<Write> newer = cache.takeAll();
    cache.engine.apply(new Mutation.Flushed(key("k"), new Version(5)));

    cache.engine.dirtySet().giveBack(newer);

    assertThat(cache.takeAll()).extracting(Write::version).containsExactly(new Version(6));
  }

  @Test
  void markingFlushedNeedsNoRoomUnderFullBackPressure() throws Exception {
    cache =
        EngineFixture.of(settings().maxDirtyBytes(2L * ENTRY).maxWriteWait(Duration.ofMinutes(2)));
    lead();
    Future<Written> first = put("k0", "v");
    Future<Written> second = put("k1", "v");
    journal.applyNext();
    journal.applyNext();
    first.get();
    second.get();
    Future<Written> waiting =
        executor.submit(
            () -> cache.engine.write(key("k2"), value("v"), Condition.NONE, Durability.JOURNAL));
    List<Write> batch = cache.takeAll();
    assertThat(batch).hasSize(2);

    var _ =
        journal.append(
            batch.stream()
                .<Mutation>map(write -> new Mutation.Flushed(write.key(), write.version()))
                .toList());
    journal.applyNext();
    await().until(() -> journal.waiting() == 1);
    journal.applyNext();

    assertThat(waiting.get().version()).isNotNull();
  }

  @Test
  void whatAnotherLeaderAdmittedIsTakenAndThenNothingMoreUntilThereIsRoom() {
    cache = EngineFixture.of(settings().maxDirtyBytes(2L * ENTRY).maxWriteWait(Duration.ZERO));
    for (int i = 0; i < 5; i++) {
      dirty("k" + i, i + 1, "v");
    }
    assertThat(cache.engine.statistics().dirty().entries()).isEqualTo(5);
    lead();
    assertThatThrownBy(
            () -> cache.engine.write(key("k9"), value("v"), Condition.NONE, Durability.JOURNAL))
        .isInstanceOf(TooMuchDirty.class);
    cache.flush();
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
  }

  @Test
  void memoryIsForKeysThatTheJournalHoldsNothingOf() throws Exception {
    lead();
    cache.engine.allowMemory(true);
    assertThat(memoryPut("m").durability()).isEqualTo(Durability.MEMORY);
    assertThat(cache.engine.statistics().dirty().memoryOnlyEntries()).isEqualTo(1);

    Future<Written> journalled = put("k", "v");
    // One is on its way through the journal: a later one must not overtake it.
    Future<Written> behind = executor.submit(() -> memoryPut("k"));
    await().until(() -> journal.waiting() == 2);
    journal.applyNext();
    journal.applyNext();
    journalled.get();
    assertThat(behind.get().durability()).isEqualTo(Durability.JOURNAL);

    // It is dirty by the journal: recovery would bring it back over a newer one in memory.
    Future<Written> over = executor.submit(() -> memoryPut("k"));
    await().until(() -> journal.waiting() == 1);
    journal.applyNext();
    assertThat(over.get().durability()).isEqualTo(Durability.JOURNAL);

    cache.flush();
    assertThat(memoryPut("k").durability()).isEqualTo(Durability.MEMORY);
    cache.engine.allowMemory(false);
    Future<Written> forbidden = executor.submit(() -> memoryPut("n"));
    await().until(() -> journal.waiting() == 1);
    journal.applyNext();
    assertThat(forbidden.get().durability()).isEqualTo(Durability.JOURNAL);
  }

  private Written memoryPut(String key) {
    return cache.engine.write(key(key), value("v"), Condition.NONE, Durability.MEMORY);
  }

  @Test
  void aJournalledWriteOverAMemoryOnlyOneIsSafe() throws Exception {
    lead();
    cache.engine.allowMemory(true);
    var _ = memoryPut("k");
    Future<Written> put = put("k", "w");
    journal.applyNext();
    put.get();
    assertThat(cache.engine.statistics().dirty().memoryOnlyEntries()).isZero();
    assertThat(cache.engine.statistics().dirty().memoryOnlyBytes()).isZero();
  }

  @Test
  void theVersionsOfAnEpochThatIsUsedUpGoOnInTheNext() {
    AtomicInteger asked = new AtomicInteger();
    VersionSequence versions =
        new VersionSequence(
            1,
            4,
            () -> {
              asked.incrementAndGet();
              return CompletableFuture.completedFuture(5L);
            });
    Version last = versions.next();
    versions.skip((1L << Version.COUNTER_BITS) - 2);
    Version next = versions.next();
    assertThat(asked).hasValue(1);
    assertThat(next.epoch()).isEqualTo(5);
    assertThat(next.isNewerThan(last)).isTrue();
  }
}
