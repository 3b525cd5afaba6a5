package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.EngineException.NotServing;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.ReadGuard;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a lone leader that has just started holds clean, which its journal alone vouches for. */
class ReplayedEntriesTest {

  private final WriteBackFixture fixture =
      WriteBackFixture.of(settings().maxKeyWait(Duration.ofMinutes(2)));
  private final EngineFixture cache = fixture.cache;
  private final FakeBackingStore store = cache.store;

  @Test
  void aReadOfItWaitsForTheDatabaseAndIsOfTheDatabase() {
    put("k", "v");
    startsAlone();
    CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> cache.get("k"));
    store.insert(key("k"), Long.MAX_VALUE / 4, value("newer, and in no journal"));
    assertThat(read).isNotDone();

    boolean _ = fixture.writeBack.flushDue();
    assertThat(read.join()).isEqualTo(text(store.row(key("k"))));
  }

  @Test
  void itIsWrittenAgainWhereTheDatabaseHasGoneBack() {
    put("k", "v");
    store.goBackTo(Map.of(), 0);
    startsAlone();
    boolean _ = fixture.writeBack.flushDue(); // It looks once more.
    boolean _ = fixture.writeBack.flushDue();

    assertThat(cache.engine.progress().now().wentBack()).isTrue();
    assertThat(cache.get("k")).isEqualTo("v");
    fixture.flushOld();
    fixture.flushOld();
    assertThat(text(store.row(key("k")))).isEqualTo("v");
  }

  @Test
  void whatIsDirtyIsServedAtOnce() {
    cache.put("k", "v");
    startsAlone();
    assertThat(cache.get("k")).isEqualTo("v");
  }

  @Test
  void aReadThatWaitsInVainIsRefused() {
    WriteBackFixture hasty = WriteBackFixture.of(settings().maxKeyWait(Duration.ofMillis(20)));
    hasty.cache.put("k", "v");
    hasty.flushOld();
    hasty.cache.engine.leadWithoutWrites(
        hasty.cache.journal, EngineFixture.versions(), ReadGuard.ALWAYS, "");
    assertThatThrownBy(() -> hasty.cache.get("k"))
        .isInstanceOf(NotServing.class)
        .hasMessageContaining("has not said yet whether it holds what the journal says");
  }

  @Test
  void aServerThatFollowsServesItAgain() {
    put("k", "v");
    startsAlone();
    cache.engine.follow(ReadGuard.ALWAYS);
    cache.engine.lead(cache.journal, cache.versions, ReadGuard.ALWAYS);
    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(store.loads).hasValue(0);
  }

  private void startsAlone() {
    fixture.beginAnotherReign();
    cache.engine.leadWithoutWrites(cache.journal, cache.versions, ReadGuard.ALWAYS, "");
    cache.engine.acceptWrites();
  }

  private void put(String key, String value) {
    cache.put(key, value);
    fixture.flushOld();
  }
}
