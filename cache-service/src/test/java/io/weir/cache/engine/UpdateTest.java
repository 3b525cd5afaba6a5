package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineException.OutcomeOpen;
import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.engine.EngineException.TooLarge;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Updates, which are decided on what their keys hold once all that is proposed is applied. */
@Timeout(600)
class UpdateTest {

  private EngineFixture cache = EngineFixture.of(settings());
  private AsyncEngine async = new AsyncEngine(cache.engine);
  private ManualJournal journal = new ManualJournal(cache.engine);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void lead() {
    cache.put("n", "0");
    cache.flush();
    cache.engine.lead(journal, EngineFixture.versions(), ReadGuard.ALWAYS);
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private void use(EngineFixture.Settings settings) {
    cache = EngineFixture.of(settings);
    async = new AsyncEngine(cache.engine);
    journal = new ManualJournal(cache.engine);
    lead();
  }

  /** Adds a text to what a key holds. */
  private static Update appending(String key, String more) {
    return current -> {
      String now = text(current.getFirst());
      return List.of(new Edit(key(key), value(now == null ? more : now + more)));
    };
  }

  private static final Update NOTHING = current -> List.of();

  private boolean tryUpdate(String key, Update update, Heard heard) {
    return async.tryUpdate(List.of(key(key)), update, Durability.JOURNAL, heard);
  }

  private Heard update(String key, Update update) {
    Heard heard = new Heard();
    assertThat(tryUpdate(key, update, heard)).isTrue();
    return heard;
  }

  private Heard append(String more) {
    return update("n", appending("n", more));
  }

  private Heard put(String key, String value) {
    Heard heard = new Heard();
    assertThat(async.tryWrite(key(key), value(value), Durability.JOURNAL, heard)).isTrue();
    return heard;
  }

  private Future<?> start(String key, Update update, Heard heard) {
    return executor.submit(
        () -> async.startUpdate(List.of(key(key)), update, Durability.JOURNAL, heard));
  }

  private void applyAll() {
    while (journal.waiting() > 0) {
      journal.applyNext();
    }
  }

  @Test
  void updatesOfAKeyAreEachDecidedOnTheOneBeforeAndAreInTheJournalTogether() {
    List<Heard> all = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      all.add(append(Integer.toString(i)));
    }
    assertThat(journal.waiting()).isEqualTo(9);
    assertThat(all).noneMatch(Heard::isDone);
    assertThat(cache.get("n")).isEqualTo("0");
    applyAll();
    assertThat(all).allMatch(Heard::isWritten);
    assertThat(cache.get("n")).isEqualTo("0123456789");
    assertThat(cache.engine.statistics().writes().puts()).isEqualTo(10);
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("n"), value("0123456789")));
  }

  @Test
  void anUpdateIsDecidedOnABlindWriteThatIsOnItsWayAndLaterOnesPassIt() {
    var _ = put("n", "b");
    Heard update = append("u");
    var _ = put("m", "of another key");
    Heard delete = new Heard();
    assertThat(async.tryWrite(key("n"), null, Durability.JOURNAL, delete)).isTrue();
    Heard last = append("v");
    journal.applyNext();
    journal.applyNext();
    assertThat(update.isWritten()).isTrue();
    assertThat(cache.get("n")).isEqualTo("bu");
    applyAll();
    assertThat(last.isWritten()).isTrue();
    assertThat(cache.get("n")).as("on the delete").isEqualTo("v");
  }

  @Test
  void whatAnUpdateSeesHasTheVersionThatItWillHave() {
    Heard put = put("n", "b");
    List<Version> seen = new ArrayList<>();
    var _ =
        update(
            "n",
            current -> {
              seen.add(current.getFirst().version());
              return List.of();
            });
    journal.applyNext();
    assertThat(seen).containsExactly(put.written.version());
  }

  @Test
  void anUpdateThatChangesNothingIsToldOnceWhatItWasDecidedOnIsApplied() {
    assertThat(update("n", NOTHING).isWritten()).as("nothing is on its way").isTrue();
    var _ = put("n", "b");
    Heard nothing = update("n", NOTHING);
    assertThat(journal.waiting()).isEqualTo(1);
    assertThat(nothing.isDone()).isFalse();
    journal.applyNext();
    assertThat(nothing.isWritten()).isTrue();
    assertThat(nothing.written).isNull();
    assertThat(nothing.bulks).hasPositiveValue();
  }

  @Test
  void allThatWasDecidedOnAWriteThatFailsHasAnOpenOutcomeByAChainToo() {
    Heard put = put("n", "b");
    Heard one = append("1");
    Heard two = append("2");
    Heard nothing = update("n", NOTHING);
    Heard blind = put("n", "blind");
    journal.failNext();
    assertThat(put.failure).isInstanceOf(OutcomeOpen.class);
    assertThat(one.isDone()).isFalse();
    applyAll();
    for (Heard each : List.of(one, two, nothing)) {
      assertThat(each.failure)
          .isInstanceOf(OutcomeOpen.class)
          .hasMessage("an earlier write that it was decided on has failed: the leader stopped");
    }
    assertThat(blind.isWritten()).isTrue();
    assertThat(cache.engine.statistics().writes().puts())
        .as("the first, and the blind")
        .isEqualTo(2);
  }

  /** What was refused is part of what follows it, so nobody may be told that it is nowhere. */
  @Test
  void theOutcomeOfARefusedWriteIsOpenOnceAnotherWasDecidedOnIt() {
    Heard followed = put("n", "b");
    Heard alone = put("m", "b");
    Heard update = append("1");
    journal.failNext(new JournalException.QueueFull("full"));
    journal.failNext(new JournalException.QueueFull("full"));
    applyAll();
    assertThat(alone.failure).isInstanceOf(Overloaded.class);
    assertThat(followed.failure).isInstanceOf(OutcomeOpen.class);
    assertThat(update.failure).isInstanceOf(OutcomeOpen.class);
    assertThat(cache.get("n")).isEqualTo("b1");
  }

  @Test
  void whatWasNeverProposedIsToldSoThoughAnotherWasDecidedOnIt() {
    Heard first = put("n", "b");
    Heard second = append("1");
    journal.failNext(new JournalException.NotLeading("deposed"));
    journal.failNext(new JournalException.NotLeading("deposed"));
    assertThat(first.failure).isInstanceOf(NotServing.class);
    assertThat(second.failure).isInstanceOf(NotServing.class);
  }

  @Test
  void anOutcomeThatComesBeforeThatOfWhatItWasDecidedOnWaitsForThat() {
    Heard base = put("n", "b");
    Heard update = append("1");
    journal.applyLast();
    assertThat(update.isDone()).isFalse();
    journal.failNext(new JournalException.QueueFull("full"));
    assertThat(base.failure).isInstanceOf(OutcomeOpen.class);
    assertThat(update.failure).isInstanceOf(OutcomeOpen.class);
    assertThat(update.bulks).hasPositiveValue();
  }

  /** One in the other would end in an overflow of the stack. */
  @Test
  void aLongChainEndsAtOnce() {
    use(settings().maxBytes(1 << 26).maxDirtyBytes(1 << 25));
    List<Heard> all = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      all.add(update("n", current -> List.of(new Edit(key("n"), value("x")))));
    }
    while (journal.waiting() > 1) {
      journal.applyLast();
    }
    assertThat(all).noneMatch(Heard::isDone);
    journal.applyNext();
    assertThat(all).allMatch(Heard::isWritten);
  }

  @Test
  void afterAFailureTheNextIsDecidedOnWhatIsStillProposed() {
    var _ = put("n", "old");
    Heard failing = put("n", "refused");
    journal.failLast(new JournalException.QueueFull("full"));
    assertThat(failing.failure).isInstanceOf(Overloaded.class);
    Heard update = append("1");
    applyAll();
    assertThat(update.isWritten()).isTrue();
    assertThat(cache.get("n")).isEqualTo("old1");
  }

  @Test
  void whatIsProposedExpiresLikeWhatIsResident() {
    Heard heard = new Heard();
    Value value = new Value(new byte[] {'e'}, null, cache.clock.millis() + 5);
    assertThat(async.tryWrite(key("n"), value, Durability.JOURNAL, heard)).isTrue();
    var _ = append("1");
    cache.clock.advance(Duration.ofMillis(5));
    assertThat(async.tryWrite(key("n"), value, Durability.JOURNAL, new Heard())).isTrue();
    var _ = append("2");
    journal.applyNext();
    journal.applyNext();
    assertThat(cache.get("n")).isEqualTo("e1");
    applyAll();
    assertThat(cache.get("n")).isEqualTo("2");
  }

  @Test
  void anUpdateOfWhatIsNotResidentReadsTheRowInItsTurn() throws Exception {
    cache.store.insert(key("k"), 3, value("row"));
    CountDownLatch loading = new CountDownLatch(1);
    CountDownLatch load = new CountDownLatch(1);
    cache.store.afterLoad =
        loaded -> {
          loading.countDown();
          waitFor(load);
        };
    Heard heard = new Heard();
    assertThat(tryUpdate("k", appending("k", "+"), heard)).isFalse();
    Future<?> starting = start("k", appending("k", "+"), heard);
    waitFor(loading);
    Heard blind = new Heard();
    assertThat(async.tryWrite(key("k"), value("b"), Durability.JOURNAL, blind)).isFalse();
    load.countDown();
    starting.get();
    assertThat(heard.isDone()).isFalse();
    assertThat(async.tryWrite(key("k"), value("b"), Durability.JOURNAL, blind))
        .as("it has its place, and needs its turn no more")
        .isTrue();
    journal.applyNext();
    assertThat(heard.isWritten()).isTrue();
    assertThat(cache.get("k")).isEqualTo("row+");
    applyAll();
    assertThat(cache.get("k")).isEqualTo("b");
  }

  @Test
  void aRowThatCannotBeReadIsToldAndTheTurnIsGivenBack() {
    cache.store.goDown();
    Heard heard = new Heard();
    async.startUpdate(List.of(key("k")), appending("k", "+"), Durability.JOURNAL, heard);
    assertThat(heard.failure).isInstanceOf(StoreUnavailableException.class);
    assertThat(put("k", "v").isDone()).isFalse();
    applyAll();
    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(cache.engine.dirtySet().aloneNow(key("k"), () -> 1)).isPresent();
  }

  @Test
  void withoutALeaseTheGroupIsAskedUnlessSomethingIsProposed() {
    AtomicBoolean current = new AtomicBoolean();
    AtomicInteger confirmed = new AtomicInteger();
    cache.engine.lead(
        journal,
        new VersionSequence(1, 3, java.util.concurrent.CompletableFuture::new),
        new ReadGuard() {
          @Override
          public boolean isCurrent() {
            return current.get();
          }

          @Override
          public void confirm() {
            confirmed.incrementAndGet();
          }
        });
    Heard first = new Heard();
    assertThat(tryUpdate("n", appending("n", "1"), first)).isFalse();
    async.startUpdate(List.of(key("n")), appending("n", "1"), Durability.JOURNAL, first);
    assertThat(confirmed).hasValue(1);
    var _ = append("2");
    assertThat(confirmed).hasValue(1);
    applyAll();
    assertThat(first.isWritten()).isTrue();
    assertThat(cache.get("n")).isEqualTo("012");
  }

  @Test
  void nothingIsDecidedOnWhatAnEarlierReignHasProposed() throws Exception {
    Heard before = put("n", "of the earlier");
    ManualJournal earlier = journal;
    journal = new ManualJournal(cache.engine);
    cache.engine.lead(
        journal,
        new VersionSequence(1, 3, java.util.concurrent.CompletableFuture::new),
        ReadGuard.ALWAYS);
    Heard heard = new Heard();
    assertThat(tryUpdate("n", appending("n", "1"), heard)).isFalse();
    Future<?> starting = start("n", appending("n", "1"), heard);
    assertThatThrownBy(() -> starting.get(50, TimeUnit.MILLISECONDS)).isNotNull();
    var _ = earlier.failNext();
    starting.get();
    applyAll();
    assertThat(before.failure).isInstanceOf(OutcomeOpen.class);
    assertThat(heard.isWritten()).isTrue();
    assertThat(cache.get("n")).isEqualTo("01");
  }

  @Test
  void anUpdateOfOneKeyMayStayInMemoryAndTheNextIsDecidedOnIt() {
    Heard memory = new Heard();
    assertThat(async.tryUpdate(List.of(key("n")), appending("n", "m"), Durability.MEMORY, memory))
        .isTrue();
    assertThat(memory.written.durability()).isEqualTo(Durability.MEMORY);
    assertThat(cache.get("n")).isEqualTo("0m");
    var _ = append("j");
    applyAll();
    assertThat(cache.get("n")).isEqualTo("0mj");
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("n"), value("0mj")));
  }

  @Test
  void whatAnUpdateThrowsIsToldAndChangesNothing() {
    Update failing =
        current -> {
          throw new IllegalStateException("not a number");
        };
    assertThat(update("n", failing).failure).hasMessage("not a number");
    var _ = put("n", "b");
    Heard later = update("n", failing);
    assertThat(later.isDone()).as("it tells of what is not applied").isFalse();
    journal.applyNext();
    assertThat(later.failure).hasMessage("not a number");
    Heard foreign = update("n", current -> List.of(new Edit(key("other"), value("v"))));
    assertThat(foreign.failure).isInstanceOf(IllegalArgumentException.class);
    assertThat(journal.waiting()).isZero();
    assertThat(cache.engine.dirtySet().aloneNow(key("n"), () -> 1)).isPresent();
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("n"), value("b")));
  }

  @Test
  void anUpdateWithoutRoomIsDecidedAnewOnceThereIsSome() throws Exception {
    use(
        settings()
            .maxDirtyBytes(2L * Weights.ofDirty(key("n"), value("0")))
            .maxWriteWait(Duration.ofMinutes(1)));
    Heard full = put("m", "0");
    Heard second = put("l", "0");
    AtomicInteger decided = new AtomicInteger();
    Update counted =
        current -> {
          decided.incrementAndGet();
          return List.of(new Edit(key("n"), value(text(current.getFirst()) + "1")));
        };
    Heard heard = new Heard();
    assertThat(tryUpdate("n", counted, heard)).isFalse();
    Future<?> starting = start("n", counted, heard);
    await().until(() -> decided.get() >= 2);
    assertThat(starting.isDone()).isFalse();
    applyAll();
    for (Heard each : List.of(full, second)) {
      cache.engine.apply(
          new Mutation.Flushed(key(each == full ? "m" : "l"), each.written.version()));
    }
    starting.get();
    applyAll();
    assertThat(heard.isWritten()).isTrue();
    assertThat(cache.get("n")).isEqualTo("01");
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("n"), value("01")));
  }

  @Test
  void whatIsAloneKeepsUpdatesOutAndTheyIt() {
    var _ = append("1");
    assertThat(cache.engine.dirtySet().aloneNow(key("n"), () -> 1)).isEmpty();
    applyAll();
    assertThat(
            cache.engine.dirtySet().aloneNow(key("n"), () -> tryUpdate("n", NOTHING, new Heard())))
        .hasValue(false);
  }

  @Test
  void anUpdateOfSeveralKeysIsOneAppend() {
    var _ = put("b", "old");
    cache.store.insert(key("a"), 3, value("row"));
    assertThat(cache.get("a")).isEqualTo("row");
    List<String> seen = new ArrayList<>();
    Heard heard = new Heard();
    Update update =
        current -> {
          for (Versioned each : current) {
            seen.add(String.valueOf(text(each)));
          }
          return List.of(new Edit(key("b"), value("B")), new Edit(key("a"), null));
        };
    assertThat(
            async.tryUpdate(
                List.of(key("b"), key("n"), key("a")), update, Durability.JOURNAL, heard))
        .isTrue();
    assertThat(seen).containsExactly("old", "0", "row");
    assertThat(cache.engine.dirtySet().aloneNow(key("n"), () -> 1))
        .as("it was only looked at")
        .isPresent();
    assertThat(cache.engine.dirtySet().aloneNow(key("a"), () -> 1)).isEmpty();
    journal.applyNext();
    List<Mutation> mutations = journal.failNext();
    assertThat(mutations).hasSize(2);
    Write last = ((Mutation.Written) mutations.get(1)).write();
    assertThat(last.key()).isEqualTo(key("a"));
    assertThat(heard.failure).isInstanceOf(OutcomeOpen.class);
    assertThat(cache.engine.dirtySet().aloneNow(key("a"), () -> 1)).isPresent();
  }

  @Test
  void theLastEditOfAKeyCounts() {
    Heard heard =
        update(
            "n",
            current -> List.of(new Edit(key("n"), value("x")), new Edit(key("n"), value("y"))));
    applyAll();
    assertThat(heard.isWritten()).isTrue();
    assertThat(cache.get("n")).isEqualTo("y");
  }

  @Test
  void anUpdateOfSeveralKeysThatLooksAtNoneWritesThemTogether() {
    Update blind =
        new Update() {
          @Override
          public List<Edit> decide(List<Versioned> current) {
            assertThat(current).isEmpty();
            return List.of(new Edit(key("z"), value("1")), new Edit(key("a"), value("2")));
          }

          @Override
          public boolean needsCurrent() {
            return false;
          }
        };
    Heard heard = new Heard();
    assertThat(async.tryUpdate(List.of(key("z"), key("a")), blind, Durability.MEMORY, heard))
        .isTrue();
    assertThat(journal.waiting()).as("together, so in the journal").isEqualTo(1);
    journal.applyNext();
    assertThat(heard.isWritten()).isTrue();
    assertThat(heard.written.durability()).isEqualTo(Durability.JOURNAL);
    assertThat(cache.get("z") + cache.get("a")).isEqualTo("12");
    assertThat(cache.store.loads).hasValue(0);
  }

  @Test
  void anUpdateOfSeveralKeysWaitsForTheOneThatIsTaken() throws Exception {
    List<Key> keys = List.of(key("n"), key("a"), key("z"));
    cache.put("a", "");
    cache.put("z", "");
    Update update = current -> List.of(new Edit(key("z"), value("1")));
    Heard heard = new Heard();
    Future<?> starting =
        cache
            .engine
            .dirtySet()
            .aloneNow(
                key("n"),
                () -> {
                  assertThat(async.tryUpdate(keys, update, Durability.JOURNAL, heard)).isFalse();
                  return executor.submit(
                      () -> async.startUpdate(keys, update, Durability.JOURNAL, heard));
                })
            .orElseThrow();
    starting.get();
    applyAll();
    assertThat(heard.isWritten()).isTrue();
    for (Key each : keys) {
      assertThat(cache.engine.dirtySet().aloneNow(each, () -> 1)).isPresent();
    }
  }

  @Test
  void whatNoEntryOfTheJournalTakesIsRefusedBeforeAnythingHappens() {
    use(settings().maxBytes(1L << 30).maxDirtyBytes(1L << 29));
    Value half = new Value(new byte[Journal.MAX_APPEND_BYTES / 2], null, Value.NEVER);
    Heard heard = new Heard();
    assertThat(
            async.tryUpdate(
                List.of(key("n"), key("m")),
                new Update() {
                  @Override
                  public List<Edit> decide(List<Versioned> current) {
                    return List.of(new Edit(key("n"), half), new Edit(key("m"), half));
                  }

                  @Override
                  public boolean needsCurrent() {
                    return false;
                  }
                },
                Durability.JOURNAL,
                heard))
        .isTrue();
    assertThat(heard.failure)
        .isInstanceOf(TooLarge.class)
        .hasMessageContaining(Integer.toString(Journal.MAX_APPEND_BYTES));
    assertThat(journal.waiting()).isZero();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
