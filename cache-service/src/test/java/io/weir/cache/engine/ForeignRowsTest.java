package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.HashSlots;
import io.weir.model.SlotRange;
import io.weir.model.Version;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows at versions that the shard has not given, since somebody else wrote them. */
class ForeignRowsTest {

  private static final long HIGH = 1L << 62;

  private final EngineFixture cache = EngineFixture.of(settings());

  private Version loaded(String key) {
    return cache.read(key(key), false).what().version();
  }

  private long next() {
    return cache.versions.last().value() + 1;
  }

  @ParameterizedTest
  @ValueSource(longs = {HIGH, Long.MAX_VALUE})
  void aWriteOverALoadedOneIsSeenAndFlushed(long version) {
    cache.store.insert(key("k"), version, value("foreign"));
    assertThat(cache.get("k")).isEqualTo("foreign");
    assertThat(loaded("k")).isEqualTo(Version.NONE);

    Version written = cache.put("k", "new");

    assertThat(cache.get("k")).isEqualTo("new");
    cache.flush();
    assertThat(cache.store.row(key("k")).version()).isEqualTo(written);
    assertThat(text(cache.store.row(key("k")))).isEqualTo("new");
    assertThat(text(cache.read(key("k"), true).what())).isEqualTo("new");
    assertThat(cache.engine.statistics().reads().foreignLoads()).isEqualTo(1);
  }

  @Test
  void aWriteOverOneThatIsNotResidentIsFlushed() {
    cache.store.insert(key("put"), HIGH, value("foreign"));
    cache.store.insert(key("deleted"), next() + 1_000, value("foreign"));
    cache.put("put", "new");
    cache.delete("deleted");

    cache.flush();

    assertThat(text(cache.read(key("put"), true).what())).isEqualTo("new");
    assertThat(cache.read(key("deleted"), true).what().value()).isNull();
    assertThat(cache.engine.statistics().reads().foreignLoads()).isZero();
  }

  @Test
  void aJournalledWriteOverALoadedOneIsSeen() {
    cache.store.insert(key("k"), HIGH, value("foreign"));
    assertThat(cache.get("k")).isEqualTo("foreign");

    var _ = cache.engine.write(key("k"), value("new"), Condition.NONE, Durability.JOURNAL);

    assertThat(cache.get("k")).isEqualTo("new");
  }

  @Test
  void aRowOfTheShardsOwnIsWhatItsVersionSays() {
    Version written = cache.put("k", "v");
    cache.flush();

    assertThat(cache.read(key("k"), true).what().version()).isEqualTo(written);
    assertThat(cache.engine.statistics().reads().foreignLoads()).isZero();
  }

  @Test
  void aScanHasADirtyValueOverIt() {
    cache.store.insert(key("dirty"), HIGH, value("foreign"));
    cache.store.insert(key("only there"), HIGH, value("foreign"));
    cache.put("dirty", "new");

    ScanPage page =
        cache.engine.scan(
            new ScanRequest(
                new RowRange(new SlotRange(0, HashSlots.COUNT - 1), null), 10, 1 << 20));

    assertThat(page.entries())
        .extracting(row -> row.key() + "=" + text(row.what()))
        .containsExactlyInAnyOrder("dirty=new", "only there=foreign");
    assertThat(page.entries())
        .extracting(row -> row.what().version())
        .contains(Version.NONE)
        .doesNotContain(new Version(HIGH));
    assertThat(cache.engine.statistics().reads().foreignScans()).isEqualTo(2);
  }

  @Test
  void oneThatIsLoadedWhileAWriteIsOnItsWayIsNotInThatWritesWay() throws Exception {
    ManualJournal journal = new ManualJournal(cache.engine);
    cache.engine.lead(journal, cache.versions, ReadGuard.ALWAYS);
    long version = next();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Written> put =
          executor.submit(
              () -> cache.engine.write(key("k"), value("v"), Condition.NONE, Durability.JOURNAL));
      await().until(() -> journal.waiting() == 1);
      cache.versions.skip(100);
      cache.store.insert(key("k"), version + 50, value("foreign"));
      // Given by now, for all that anybody can tell, and newer than the write.
      assertThat(cache.get("k")).isEqualTo("foreign");

      journal.applyNext();

      assertThat(put.get().version()).isEqualTo(new Version(version));
      assertThat(cache.get("k")).isEqualTo("v");
      assertThat(cache.takeAll()).extracting(Write::version).containsExactly(new Version(version));
    }
  }

  @Test
  void aReplicaShowsTheVersionAndTakesTheLogsWriteOverIt() {
    cache.engine.follow(ReadGuard.ALWAYS);
    cache.store.insert(key("k"), HIGH, value("foreign"));
    assertThat(eventual("k").version()).isEqualTo(new Version(HIGH));

    cache.engine.apply(
        new Mutation.Written(new Write(key("k"), new Version(next()), value("new"))));

    assertThat(text(eventual("k"))).isEqualTo("new");
    cache.engine.apply(new Mutation.Flushed(key("k"), new Version(next())));
    assertThat(text(eventual("k"))).isEqualTo("new");
  }

  @Test
  void whatAReplicaLoadedIsJudgedWhenItLeads() {
    cache.engine.follow(ReadGuard.ALWAYS);
    cache.store.insert(key("foreign"), HIGH, value("foreign"));
    cache.store.insert(key("own"), 7, value("own"));
    assertThat(eventual("foreign").version()).isEqualTo(new Version(HIGH));
    assertThat(eventual("own").version()).isEqualTo(new Version(7));

    cache.engine.lead(cache.journal, cache.versions, ReadGuard.ALWAYS);

    assertThat(cache.isResident("own")).isTrue();
    assertThat(loaded("foreign")).isEqualTo(Version.NONE);
    assertThat(cache.get("foreign")).isEqualTo("foreign");
  }

  @Test
  void aLoadThatIsInFlightWhenAReplicaComesToLeadIsNotInstalledUnjudged() {
    cache.engine.follow(ReadGuard.ALWAYS);
    cache.store.insert(key("k"), HIGH, value("foreign"));
    cache.store.afterLoad =
        loaded -> {
          cache.store.afterLoad = other -> {};
          cache.engine.lead(cache.journal, cache.versions, ReadGuard.ALWAYS);
        };

    assertThat(text(eventual("k"))).isEqualTo("foreign");

    assertThat(cache.isResident("k")).isFalse();
    assertThat(loaded("k")).isEqualTo(Version.NONE);
  }

  private Versioned eventual(String key) {
    return cache.engine.read(key(key), false, Consistency.EVENTUAL).what();
  }

  @Test
  void aFlushThatMeetsANewerVersionOfTheShardsOwnEndsAndTakesTheEntryOut() {
    cache.engine.apply(new Mutation.Written(new Write(key("k"), new Version(5), value("five"))));
    cache.takeAll();

    cache.engine.apply(new Mutation.Flushed(key("k"), new Version(6)));

    assertThat(cache.isResident("k")).isFalse();
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
  }

  @Test
  void whatWasWrittenMeanwhileIsTakenIntoTheNextFlush() {
    cache.engine.apply(new Mutation.Written(new Write(key("k"), new Version(5), value("five"))));
    cache.takeAll();
    Version written = cache.put("k", "new");

    cache.engine.apply(new Mutation.Flushed(key("k"), new Version(6)));

    assertThat(cache.get("k")).isEqualTo("new");
    assertThat(cache.takeAll()).extracting(Write::version).isEqualTo(List.of(written));
  }
}
