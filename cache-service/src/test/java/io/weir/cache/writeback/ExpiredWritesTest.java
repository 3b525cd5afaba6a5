package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.Condition;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What has expired before it was flushed leaves no row. */
class ExpiredWritesTest {

  private static final Duration TTL = Duration.ofSeconds(1);

  private final WriteBackFixture fixture = WriteBackFixture.of(settings());
  private final EngineFixture cache = fixture.cache;

  @AfterEach
  void noRuleOfTheStoreWasBroken() {
    assertThat(cache.store.violations).isEmpty();
  }

  private void put(String key, String text) {
    Value value = new Value(text.getBytes(UTF_8), null, cache.clock.millis() + TTL.toMillis());
    cache.write(key(key), value, Condition.NONE);
  }

  @Test
  void theRowFromBeforeGoesAndNoneIsPutIn() {
    cache.put("k", "old");
    fixture.flushOld();
    assertThat(text(cache.store.row(key("k")))).isEqualTo("old");
    put("k", "short");
    put("new", "short");
    put("again", "short");
    cache.clock.advance(TTL.plus(WriteBackFixture.TTL_MARGIN).plusMillis(1));
    cache.put("again", "long");

    fixture.flushOld();

    assertThat(cache.store.rows()).containsOnlyKeys(key("again"));
    assertThat(cache.store.commits.getLast())
        .filteredOn(write -> !write.key().equals(key("again")))
        .allMatch(Write::isDelete);
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    assertThat(cache.get("k")).isNull();
    cache.engine.dropClean();
    assertThat(cache.get("k")).as("from the database").isNull();
  }

  @Test
  void whatASlowerClockMayStillServeIsWritten() {
    put("k", "short");
    cache.clock.advance(TTL.plus(WriteBackFixture.TTL_MARGIN));

    fixture.flushOld();

    assertThat(text(cache.store.row(key("k")))).isEqualTo("short");
  }

  @Test
  void whatIsRefusedIsGivenUpOnceItHasExpired() {
    cache.store.poison = write -> !write.isDelete();
    put("k", "short");
    fixture.flushOld();
    assertThat(fixture.writeBack.quarantined()).hasSize(1);

    cache.clock.advance(TTL.plus(WriteBackFixture.TTL_MARGIN).plusMillis(1));
    fixture.flushOld();

    assertThat(fixture.writeBack.quarantined()).isEmpty();
    assertThat(cache.engine.statistics().dirty().entries()).isZero();
    assertThat(cache.store.rows()).isEmpty();
  }

  @Test
  void aBatchWithNothingExpiredStaysTheSame() {
    ExpiredWrites expired = new ExpiredWrites(cache.clock, Duration.ZERO);
    cache.put("k", "v");
    List<Write> batch = cache.takeAll();
    assertThat(expired.asDeletes(batch)).isSameAs(batch);
  }
}
