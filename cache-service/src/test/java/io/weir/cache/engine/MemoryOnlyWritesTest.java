package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.kv.Write;
import io.weir.model.Durability;
import io.weir.model.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class MemoryOnlyWritesTest {

  private final EngineFixture cache = EngineFixture.of(settings());
  private final ManualJournal journal = new ManualJournal(cache.engine);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void lead() {
    cache.engine.lead(journal, EngineFixture.versions(), ReadGuard.ALWAYS);
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private Future<Boolean> begin() {
    Future<Boolean> begun = executor.submit(cache.engine::journalWhatIsInMemory);
    await().until(() -> begun.isDone() || journal.waiting() > 0);
    return begun;
  }

  @Test
  void whatIsInMemoryAloneComesIntoTheJournalInItsOwnVersion() throws Exception {
    Version put = cache.put("k", "v");
    Version deleted = cache.delete("d");
    long dirtyBytes = cache.engine.statistics().dirty().bytes();
    assertThat(cache.saved()).isEmpty();

    Future<Boolean> done = begin();
    journal.applyNext();

    assertThat(done.get()).isTrue();
    assertThat(journal.waiting()).isZero();
    assertThat(cache.engine.statistics().dirty().memoryOnlyEntries()).isZero();
    assertThat(cache.engine.statistics().dirty().memoryOnlyBytes()).isZero();
    assertThat(cache.engine.statistics().dirty().entries()).isEqualTo(2);
    assertThat(cache.engine.statistics().dirty().bytes()).isEqualTo(dirtyBytes);
    assertThat(cache.saved()).extracting(Write::version).containsExactlyInAnyOrder(put, deleted);
    cache.takeAll();
    assertThat(begin().get()).as("nothing is left to do").isTrue();
  }

  @Test
  void aNewerWriteOfTheKeyWaitsUntilItIsThere() throws Exception {
    Version old = cache.put("k", "old");
    Future<Boolean> done = begin();
    Future<Written> newer =
        executor.submit(
            () -> cache.engine.write(key("k"), value("new"), Condition.NONE, Durability.JOURNAL));
    Future<Written> other =
        executor.submit(
            () -> cache.engine.write(key("o"), value("v"), Condition.NONE, Durability.JOURNAL));
    await().until(() -> journal.waiting() == 2); // The other key's alone.
    assertThat(newer.isDone()).isFalse();

    journal.applyNext();
    assertThat(done.get()).isTrue();
    await().until(() -> journal.waiting() == 2);
    journal.applyNext();
    journal.applyNext();

    assertThat(newer.get().version().isNewerThan(old)).isTrue();
    assertThat(other.get().durability()).isEqualTo(Durability.JOURNAL);
    assertThat(cache.get("k")).isEqualTo("new");
  }

  @Test
  void aRowThatTheDatabaseRefusesComesIntoItToo() throws Exception {
    Version refused = cache.put("k", "poison");
    assertThat(cache.engine.dirtySet().quarantine(cache.takeAll().getFirst())).isTrue();
    Future<Boolean> done = begin();
    journal.applyNext();

    assertThat(done.get()).isTrue();
    assertThat(cache.engine.statistics().dirty().memoryOnlyEntries()).isZero();
    assertThat(cache.engine.statistics().dirty().quarantinedEntries()).isEqualTo(1);
    assertThat(cache.saved()).extracting(Write::version).containsExactly(refused);
  }

  @Test
  void whatTheJournalDoesNotTakeStaysInMemoryAlone() throws Exception {
    cache.put("k", "v");
    Future<Boolean> done = begin();
    journal.failNext();

    assertThat(done.get()).isFalse();
    assertThat(cache.engine.statistics().dirty().memoryOnlyEntries()).isEqualTo(1);
    cache.engine.stepDown("the leadership is gone");
    assertThat(cache.engine.journalWhatIsInMemory()).isFalse();
  }

  @Test
  void thereMayBeMoreThanOneEntryOfTheJournalTakes() throws Exception {
    for (int i = 0; i < 600; i++) {
      cache.put("k" + i, "v");
    }
    Future<Boolean> done = begin();
    for (int i = 0; i < 3; i++) {
      await().until(() -> journal.waiting() > 0);
      journal.applyNext();
    }
    assertThat(done.get()).isTrue();
    assertThat(List.copyOf(cache.takeAll())).hasSize(600);
    assertThat(cache.engine.statistics().dirty().memoryOnlyEntries()).isZero();
  }

  /** Or what was discarded would come into the journal behind that, and so come back. */
  @Test
  void whatIsDoneToTheKeyAloneWaitsUntilItIsThere() throws Exception {
    cache.put("k", "v");
    Future<Boolean> done = begin();
    assertThat(cache.engine.dirtySet().aloneNow(key("k"), journal::waiting)).isEmpty();
    journal.applyNext();
    assertThat(done.get()).isTrue();
    assertThat(cache.engine.dirtySet().aloneNow(key("k"), journal::waiting)).hasValue(0);
  }

  @Test
  void aKeyWhoseWritesTakeTooLongKeepsNoOtherOut() {
    EngineFixture impatient = EngineFixture.of(settings().maxKeyWait(Duration.ofMillis(20)));
    ManualJournal taking = new ManualJournal(impatient.engine);
    impatient.engine.lead(taking, EngineFixture.versions(), ReadGuard.ALWAYS);
    for (int i = 0; i < 600; i++) {
      impatient.put("k" + i, "v");
    }
    Future<Boolean> done = whileStuck(impatient, List.of("k7", "k300", "k599"), taking);
    assertThat(done.resultNow()).isFalse();
    assertThat(impatient.engine.statistics().dirty().memoryOnlyEntries()).isEqualTo(3);
    assertThat(impatient.saved()).hasSize(597);
  }

  /** Brings what is in memory into the journal while other writes of some keys do not end. */
  private Future<Boolean> whileStuck(
      EngineFixture impatient, List<String> keys, ManualJournal taking) {
    if (keys.isEmpty()) {
      Future<Boolean> done = executor.submit(impatient.engine::journalWhatIsInMemory);
      await()
          .until(() -> {
            if (taking.waiting() > 0) {
              taking.applyNext();
            }
            return done.isDone();
          });
      return done;
    }
    return impatient
        .engine
        .dirtySet()
        .aloneNow(
            key(keys.getFirst()), () -> whileStuck(impatient, keys.subList(1, keys.size()), taking))
        .orElseThrow();
  }

  @Test
  void aKeyThatIsBeingWrittenComesLast() throws Exception {
    cache.put("k", "v");
    cache.put("o", "v");
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Future<?> other =
        executor.submit(() ->
            cache
                .engine
                .dirtySet()
                .aloneNow(
                    key("k"),
                    () -> {
                      begun.countDown();
                      waitFor(written);
                      return true;
                    }));
    begun.await();
    Future<Boolean> done = begin();
    journal.applyNext();
    assertThat(cache.saved()).extracting(Write::key).containsExactly(key("o"));
    written.countDown();
    other.get();
    await().until(() -> journal.waiting() > 0);
    journal.applyNext();
    assertThat(done.get()).isTrue();
    assertThat(cache.engine.statistics().dirty().memoryOnlyEntries()).isZero();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
