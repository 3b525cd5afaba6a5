package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.kv.Value;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.Version;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Reads, writes, negative entries, expiry and leadership, one request at a time. */
class CacheEngineTest {

  private final EngineFixture cache = EngineFixture.of(settings());

  @Test
  void aMissAsksTheDatabaseOnceAndThenIsAHit() {
    cache.store.insert(key("k"), 7, value("row"));

    Read miss = cache.read(key("k"), false);
    Read hit = cache.read(key("k"), false);

    assertThat(text(miss.what())).isEqualTo("row");
    assertThat(miss.what().version()).isEqualTo(new Version(7));
    assertThat(miss.hit()).isFalse();
    assertThat(miss.stored()).isTrue();
    assertThat(hit.hit()).isTrue();
    assertThat(cache.store.loads).hasValue(1);
  }

  @Test
  void aBlindWriteNeverReadsTheDatabaseAndIsReadAtOnce() {
    cache.store.goDown();

    Version first = cache.put("k", "one");
    Version second = cache.put("k", "two");

    assertThat(cache.get("k")).isEqualTo("two");
    assertThat(second.isNewerThan(first)).isTrue();
    assertThat(cache.store.loads).hasValue(0);
  }

  @Test
  void aMissingRowIsRememberedUntilTheKeyIsWritten() {
    assertThat(cache.get("k")).isNull();
    assertThat(cache.read(key("k"), false).hit()).isTrue();
    assertThat(cache.store.loads).hasValue(1);

    cache.put("k", "now");

    assertThat(cache.get("k")).isEqualTo("now");
  }

  @Test
  void aReloadAsksTheDatabaseAgain() {
    assertThat(cache.get("k")).isNull();
    cache.store.insert(key("k"), 3, value("behind the cache's back"));

    assertThat(cache.get("k")).isNull();
    assertThat(text(cache.read(key("k"), true).what())).isEqualTo("behind the cache's back");
    assertThat(cache.get("k")).isEqualTo("behind the cache's back");
  }

  @Test
  void aReloadOfADirtyKeyIsAnsweredFromMemory() {
    cache.store.insert(key("k"), 3, value("old"));
    cache.put("k", "dirty");

    assertThat(text(cache.read(key("k"), true).what())).isEqualTo("dirty");
    assertThat(cache.store.loads).hasValue(0);
  }

  @Test
  void aDeletedKeyIsAbsentBeforeAndAfterItsFlush() {
    cache.put("k", "there");
    cache.flush();
    cache.delete("k");

    assertThat(cache.get("k")).isNull();
    cache.flush();
    assertThat(cache.get("k")).isNull();
    assertThat(cache.store.row(key("k")).value()).isNull();
    assertThat(cache.store.loads).hasValue(0);
  }

  @Test
  void anExpiredValueIsAbsentAndYetFlushed() {
    long expiry = cache.clock.millis() + 1_000;
    cache.write(key("k"), new Value("v".getBytes(UTF_8), null, expiry), Condition.NONE);
    assertThat(cache.get("k")).isEqualTo("v");

    cache.clock.advance(Duration.ofSeconds(1));

    assertThat(cache.get("k")).isNull();
    cache.flush();
    assertThat(cache.store.row(key("k")).value()).isNotNull();
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
  }

  @Test
  void anExpiredRowIsLoadedAsAbsent() {
    cache.store.insert(key("k"), 5, new Value("v".getBytes(UTF_8), null, cache.clock.millis() - 1));

    assertThat(cache.get("k")).isNull();
    assertThat(cache.engine.statistics().reads().loadsAbsent()).isEqualTo(1);
  }

  @Test
  void aFailedLoadIsNotRemembered() {
    cache.store.insert(key("k"), 5, value("row"));
    cache.store.goDown();
    assertThatThrownBy(() -> cache.get("k")).isInstanceOf(StoreUnavailableException.class);

    cache.store.heal();

    assertThat(cache.get("k")).isEqualTo("row");
    assertThat(cache.engine.statistics().reads().loadsFailed()).isEqualTo(1);
  }

  @Test
  void aResidentKeyIsReadWhileTheDatabaseIsDown() {
    cache.store.insert(key("k"), 5, value("row"));
    cache.get("k");
    cache.store.goDown();

    assertThat(cache.get("k")).isEqualTo("row");
  }

  @Test
  void aRowLargerThanTheMemoryIsAnsweredAndEvictsNothing() {
    EngineFixture small = EngineFixture.of(settings().maxBytes(4096).maxDirtyBytes(2048));
    small.put("kept", "v");
    small.flush();
    small.store.insert(key("big"), 5, value("x".repeat(10_000)));

    Read read = small.read(key("big"), false);

    assertThat(read.stored()).isFalse();
    assertThat(text(read.what())).hasSize(10_000);
    assertThat(small.isResident("kept")).isTrue();
    assertThat(small.engine.statistics().memory().evictions()).isZero();
  }

  @Test
  void anEngineServesNothingBeforeItLeadsAndAfterItStepsDown() {
    CacheEngine fresh = new CacheEngine(settings().build(), cache.store, cache.clock, cache.ticker);
    assertThat(fresh.isServing()).isFalse();
    assertThatThrownBy(() -> fresh.read(key("k"), false, null)).isInstanceOf(NotServing.class);

    cache.put("k", "v");
    cache.engine.stepDown("another leader has taken over");

    assertThat(cache.engine.isServing()).isFalse();
    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(NotServing.class)
        .hasMessage("another leader has taken over");
    assertThatThrownBy(() -> cache.put("k", "w")).isInstanceOf(NotServing.class);
    assertThatThrownBy(() -> cache.read(key("k"), true)).isInstanceOf(NotServing.class);
  }

  @Test
  void aStoppingEngineReadsAndRefusesWrites() {
    cache.put("k", "v");
    cache.engine.refuseWrites("the server is stopping");

    assertThat(cache.engine.isLeading()).isFalse();
    assertThat(cache.get("k")).isEqualTo("v");
    assertThatThrownBy(() -> cache.put("k", "w"))
        .isInstanceOf(NotServing.class)
        .hasMessage("the server is stopping");
    assertThat(cache.engine.statistics().dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("k"), value("v")));
  }

  @Test
  void tooManyLoadsAtOnceAreShed() {
    EngineFixture narrow = EngineFixture.of(settings().maxLoads(1, Duration.ofMillis(10)));
    narrow.store.beforeLoad =
        outer -> {
          narrow.store.beforeLoad = inner -> {};
          assertThatThrownBy(() -> narrow.get("inner")).isInstanceOf(Overloaded.class);
        };

    assertThat(narrow.get("outer")).isNull();
    assertThat(narrow.get("inner")).isNull();
  }

  @Test
  void theStatisticsCountWhatHappened() {
    cache.store.insert(key("row"), 5, value("v"));
    cache.get("row");
    cache.get("row");
    cache.get("none");
    cache.put("p", "1");
    cache.put("p", "2");
    cache.delete("q");

    EngineStatistics statistics = cache.engine.statistics();
    assertThat(statistics.reads().hits()).isEqualTo(1);
    assertThat(statistics.reads().misses()).isEqualTo(2);
    assertThat(statistics.reads().loadsFound()).isEqualTo(1);
    assertThat(statistics.reads().loadsAbsent()).isEqualTo(1);
    assertThat(statistics.writes().puts()).isEqualTo(2);
    assertThat(statistics.writes().deletes()).isEqualTo(1);
    assertThat(statistics.dirty().coalesced()).isEqualTo(1);
    assertThat(statistics.memory().entries()).isEqualTo(4);
    assertThat(statistics.dirty().entries()).isEqualTo(2);
    assertThat(statistics.dirty().bytes())
        .isEqualTo(Weights.ofDirty(key("p"), value("2")) + Weights.ofDirty(key("q"), null));
  }
}
