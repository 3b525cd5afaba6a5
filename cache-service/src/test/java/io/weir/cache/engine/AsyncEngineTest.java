package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineException.JournalFull;
import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineException.OutcomeOpen;
import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Write;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Version;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads and blind writes that wait for nothing. */
@Timeout(600)
class AsyncEngineTest {

  private EngineFixture cache = EngineFixture.of(settings());
  private AsyncEngine async = new AsyncEngine(cache.engine);
  private ManualJournal journal = new ManualJournal(cache.engine);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private void use(EngineFixture.Settings settings) {
    cache = EngineFixture.of(settings);
    async = new AsyncEngine(cache.engine);
    journal = new ManualJournal(cache.engine);
  }

  private void lead() {
    lead(ReadGuard.ALWAYS);
  }

  private void lead(ReadGuard guard) {
    cache.engine.lead(journal, EngineFixture.versions(), guard);
  }

  private boolean tryPut(String key, String value, Heard heard) {
    return async.tryWrite(key(key), value(value), Durability.JOURNAL, heard);
  }

  private Heard put(String key, String value) {
    Heard heard = new Heard();
    assertThat(tryPut(key, value, heard)).isTrue();
    return heard;
  }

  private static ReadGuard currentWhile(AtomicBoolean current) {
    return new ReadGuard() {
      @Override
      public boolean isCurrent() {
        return current.get();
      }

      @Override
      public void confirm() {
        throw new AssertionError("what waits is asked");
      }
    };
  }

  @Test
  void aReadAnswersWhatIsResidentAndSaysElseThatItIsNotHere() {
    assertThat(async.tryRead(key("k"), null)).isNull();
    cache.put("k", "v");
    Read read = async.tryRead(key("k"), null);
    assertThat(text(read.what())).isEqualTo("v");
    assertThat(read.hit()).isTrue();
    assertThat(cache.store.loads).hasValue(0);
    assertThat(cache.engine.statistics().reads().hits()).isEqualTo(1);
    assertThat(cache.engine.statistics().reads().misses()).isZero();
  }

  @Test
  void aReadOfWhatHasExpiredFindsItAbsent() {
    cache.write(
        key("k"),
        new io.weir.cache.kv.Value(new byte[1], null, cache.clock.millis() + 5),
        Condition.NONE);
    assertThat(async.tryRead(key("k"), null).what().value()).isNotNull();
    cache.clock.advance(Duration.ofMillis(5));
    assertThat(async.tryRead(key("k"), null).what().value()).isNull();
  }

  @Test
  void aReadWithoutALeaseIsNotAnsweredUnlessItMayBeStale() {
    cache.put("k", "v");
    AtomicBoolean current = new AtomicBoolean(true);
    lead(currentWhile(current));
    assertThat(async.tryRead(key("k"), null)).isNotNull();
    current.set(false);
    assertThat(async.tryRead(key("k"), null)).isNull();
    assertThat(async.tryRead(key("k"), Consistency.LINEARIZABLE)).isNull();
    assertThat(async.tryRead(key("k"), Consistency.EVENTUAL)).isNotNull();

    cache.engine.follow(currentWhile(new AtomicBoolean(true)));
    assertThat(async.tryRead(key("k"), null)).isNull();
    assertThat(async.tryRead(key("k"), Consistency.LINEARIZABLE)).isNull();
    assertThat(async.tryRead(key("k"), Consistency.EVENTUAL)).isNotNull();

    cache.engine.stepDown("stopped");
    assertThat(async.tryRead(key("k"), Consistency.EVENTUAL)).isNull();
  }

  @Test
  void aReadOfWhatIsWithheldIsNotAnswered() {
    cache.put("k", "v");
    cache.flush();
    cache.engine.leadWithoutWrites(
        journal, EngineFixture.versions(), ReadGuard.ALWAYS, "not confirmed yet");
    assertThat(async.tryRead(key("k"), null)).isNull();
  }

  @Test
  void aReadThatWouldHaveToWaitForALockIsNotAnswered() throws Exception {
    use(settings().lock(TableLock.READ_WRITE));
    cache.put("k", "v");
    Stripe stripe = cache.table().stripe(key("k"));
    stripe.lock.writeLock().lock();
    try {
      assertThat(executor.submit(() -> async.tryRead(key("k"), null)).get()).isNull();
    } finally {
      stripe.lock.writeLock().unlock();
    }
    assertThat(executor.submit(() -> async.tryRead(key("k"), null)).get()).isNotNull();
  }

  @Test
  void aWriteIsToldOnceTheJournalHasItAndHasItsPlaceBefore() {
    lead();
    Heard first = put("k", "first");
    Heard second = put("k", "second");
    assertThat(journal.waiting()).isEqualTo(2);
    assertThat(first.isDone()).isFalse();
    assertThat(cache.engine.statistics().writes().puts()).isZero();

    journal.applyNext();
    assertThat(first.isWritten()).isTrue();
    assertThat(first.written.durability()).isEqualTo(Durability.JOURNAL);
    assertThat(first.bulks).hasPositiveValue();
    assertThat(second.isDone()).isFalse();
    journal.applyNext();
    assertThat(second.written.version().isNewerThan(first.written.version())).isTrue();
    assertThat(cache.get("k")).isEqualTo("second");
    assertThat(cache.engine.statistics().writes().puts()).isEqualTo(2);
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("k"), value("second")));
  }

  @Test
  void aDeleteIsAWriteToo() {
    lead();
    Heard put = put("k", "v");
    Heard delete = new Heard();
    assertThat(async.tryWrite(key("k"), null, Durability.JOURNAL, delete)).isTrue();
    journal.applyNext();
    journal.applyNext();
    assertThat(put.isWritten() && delete.isWritten()).isTrue();
    assertThat(cache.get("k")).isNull();
    assertThat(cache.engine.statistics().writes().deletes()).isEqualTo(1);
  }

  @Test
  void aWriteThatMayStayInMemoryIsToldAtOnceUnlessOneIsOnItsWay() {
    lead();
    Heard memory = new Heard();
    assertThat(async.tryWrite(key("k"), value("m"), Durability.MEMORY, memory)).isTrue();
    assertThat(memory.written.durability()).isEqualTo(Durability.MEMORY);
    assertThat(memory.bulks).hasPositiveValue();
    assertThat(cache.get("k")).isEqualTo("m");

    Heard durable = put("k", "d");
    Heard behind = new Heard();
    assertThat(async.tryWrite(key("k"), value("b"), Durability.MEMORY, behind)).isTrue();
    assertThat(behind.isDone()).isFalse();
    journal.applyNext();
    journal.applyNext();
    assertThat(durable.isWritten()).isTrue();
    assertThat(behind.written.durability()).isEqualTo(Durability.JOURNAL);
    assertThat(cache.get("k")).isEqualTo("b");
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("k"), value("b")));
  }

  @Test
  void aWriteThatTheJournalFailsIsToldWhyAndGivesItsBytesBack() {
    lead();
    Heard open = put("k", "v");
    Heard refused = put("k", "v");
    journal.failNext();
    journal.failNext(new JournalException.QueueFull("full"));
    assertThat(open.failure).isInstanceOf(OutcomeOpen.class);
    assertThat(refused.failure).isInstanceOf(Overloaded.class);
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
    assertThat(cache.engine.statistics().writes().puts()).isZero();
  }

  @Test
  void whatIsRefusedAtOnceIsToldToTheListenerToo() {
    cache.refusal = new JournalException.QueueFull("full");
    assertThat(put("k", "v").failure).isInstanceOf(Overloaded.class);
    cache.engine.journalIsFull("no disk");
    assertThat(put("k", "v").failure).isInstanceOf(JournalFull.class);
    cache.engine.stepDown("deposed");
    Heard refused = put("k", "v");
    assertThat(refused.failure).isInstanceOf(NotServing.class).hasMessage("deposed");
    assertThat(refused.bulks).hasValue(1);
    assertThat(cache.engine.statistics().dirty().bytes()).isZero();
  }

  @Test
  void aWriteWithoutRoomWaitsForItInAnotherThread() throws Exception {
    int entry = Weights.ofDirty(key("k0"), value("v"));
    use(settings().maxDirtyBytes(entry).maxWriteWait(Duration.ofMinutes(1)));
    lead();
    Heard first = put("k0", "v");
    Heard second = new Heard();
    assertThat(tryPut("k1", "v", second)).isFalse();
    assertThat(second.isDone()).isFalse();
    Future<?> starting =
        executor.submit(() -> async.startWrite(key("k1"), value("v"), Durability.JOURNAL, second));
    journal.applyNext();
    assertThat(first.isWritten()).isTrue();
    assertThat(starting.isDone()).isFalse();
    cache.engine.apply(new Mutation.Flushed(key("k0"), first.written.version()));
    starting.get();
    assertThat(second.isDone()).as("it waits for its place, not for the journal").isFalse();
    journal.applyNext();
    assertThat(second.isWritten()).isTrue();
  }

  @Test
  void aWriteWithoutRoomInTimeIsShed() {
    int entry = Weights.ofDirty(key("k0"), value("v"));
    use(settings().maxDirtyBytes(entry).maxWriteWait(Duration.ofMillis(5)));
    lead();
    var _ = put("k0", "v");
    Heard shed = new Heard();
    async.startWrite(key("k1"), value("v"), Durability.JOURNAL, shed);
    assertThat(shed.failure).isInstanceOf(EngineException.TooMuchDirty.class);
    assertThat(cache.engine.statistics().writes().shed()).isEqualTo(1);
  }

  @Test
  void aWriteThatAddsNothingToADirtyKeyPassesHoweverMuchIsDirty() {
    int entry = Weights.ofDirty(key("k0"), value("v"));
    use(settings().maxDirtyBytes(entry));
    lead();
    var _ = put("k0", "v");
    journal.applyNext();
    Heard again = put("k0", "w");
    journal.applyNext();
    assertThat(again.isWritten()).isTrue();
    assertThat(cache.engine.statistics().dirty().bytes()).isEqualTo(entry);
  }

  @Test
  void aWriteBehindOneThatIsAloneWaitsInAnotherThread() throws Exception {
    lead();
    Heard heard = new Heard();
    Future<?> starting =
        cache
            .engine
            .dirtySet()
            .aloneNow(
                key("k"),
                () -> {
                  assertThat(tryPut("k", "v", heard)).isFalse();
                  return executor.submit(
                      () -> async.startWrite(key("k"), value("v"), Durability.JOURNAL, heard));
                })
            .orElseThrow();
    starting.get();
    journal.applyNext();
    assertThat(heard.isWritten()).isTrue();
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("k"), value("v")));
  }

  @Test
  void aWriteOfALeaderThatTakesNoneYetWaitsInAnotherThread() throws Exception {
    cache.engine.leadWithoutWrites(
        journal, EngineFixture.versions(), ReadGuard.ALWAYS, "not confirmed yet");
    Heard heard = new Heard();
    assertThat(tryPut("k", "v", heard)).isFalse();
    Future<?> starting =
        executor.submit(() -> async.startWrite(key("k"), value("v"), Durability.JOURNAL, heard));
    assertThat(heard.isDone()).isFalse();
    cache.engine.acceptWrites();
    starting.get();
    journal.applyNext();
    assertThat(heard.isWritten()).isTrue();
  }

  @Test
  void writesAreAwaitedThatNobodyWaitsFor() throws Exception {
    lead();
    Heard heard = put("k", "v");
    cache.engine.refuseWrites("stopping");
    Future<Boolean> idle = executor.submit(() -> cache.engine.awaitWrites(Duration.ofDays(1)));
    assertThat(cache.engine.dirtySet().aloneNow(key("k"), () -> 1)).isEmpty();
    assertThat(idle.isDone()).isFalse();
    journal.applyNext();
    assertThat(heard.isWritten()).isTrue();
    assertThat(idle.get()).isTrue();
  }

  @Test
  void whoHearsMayWriteAgain() {
    AtomicInteger writes = new AtomicInteger();
    AtomicInteger bulks = new AtomicInteger();
    WriteListener[] again = new WriteListener[1];
    again[0] =
        new WriteListener() {
          @Override
          public void written(Written written) {
            if (writes.incrementAndGet() < 100) {
              assertThat(async.tryWrite(key("k"), value("v"), Durability.JOURNAL, this)).isTrue();
            }
          }

          @Override
          public void failed(RuntimeException why) {
            throw why;
          }

          @Override
          public Bulk bulk() {
            return bulks::incrementAndGet;
          }
        };
    assertThat(async.tryWrite(key("k"), value("v"), Durability.JOURNAL, again[0])).isTrue();
    assertThat(writes).hasValue(100);
    assertThat(bulks).hasValueGreaterThanOrEqualTo(100);
    assertThat(cache.takeAll())
        .extracting(Write::version)
        .containsExactly(new Version(cache.versions.last().value()));
  }
}
