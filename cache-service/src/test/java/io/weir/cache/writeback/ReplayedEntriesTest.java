package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.store.DatabaseBehindException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a lone leader that has just started holds clean, which its journal alone vouches for. */
class ReplayedEntriesTest {

  private final WriteBackFixture fixture = WriteBackFixture.of(settings());
  private final EngineFixture cache = fixture.cache;
  private final FakeBackingStore store = cache.store;

  @Test
  void aReadOfItIsOfTheDatabase() {
    put("k", "v");
    put("other", "v");
    startsAlone();
    store.insert(key("k"), Long.MAX_VALUE / 4, value("newer, and in no journal"));
    assertThat(cache.get("k")).isEqualTo("newer, and in no journal");

    boolean _ = fixture.writeBack.flushDue();
    assertThat(cache.isResident("other")).isFalse();
  }

  @Test
  void aDatabaseThatIsBehindDoesNotAnswerForItAndDoesNotTakeItAway() {
    put("k", "v");
    store.goBackTo(Map.of(), 0);
    startsAlone();
    assertThatThrownBy(() -> cache.get("k")).isInstanceOf(DatabaseBehindException.class);
    assertThat(cache.isResident("k")).isTrue();
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
