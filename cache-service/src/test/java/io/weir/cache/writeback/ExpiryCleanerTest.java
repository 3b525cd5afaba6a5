package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.FakeClock;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.Value;
import io.weir.cache.store.FencedException;
import io.weir.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryCleanerTest {

  private final FakeBackingStore store = new FakeBackingStore();
  private final FakeClock clock = new FakeClock();
  private final List<FencedException> fenced = new ArrayList<>();
  private final ExpiryCleaner cleaner =
      new ExpiryCleaner(store, EngineFixture.CLAIM, clock, Duration.ofSeconds(5), 10, fenced::add);

  private void insert(int count, String prefix, long expiresAtMillis) {
    for (int i = 0; i < count; i++) {
      store.insert(key(prefix + i), 1, new Value(new byte[1], null, expiresAtMillis));
    }
  }

  @Test
  void rowsGoInBatchesOnceTheyHaveBeenExpiredForTheMargin() {
    insert(35, "expired-", clock.millis() + 1_000);
    insert(5, "later-", clock.millis() + 60_000);
    insert(5, "never-", Value.NEVER);
    clock.advance(Duration.ofMillis(5_999));
    assertThat(cleaner.clean()).isZero();

    clock.advance(Duration.ofMillis(2));

    assertThat(cleaner.clean()).isEqualTo(35);
    assertThat(store.size()).isEqualTo(10);
  }

  @Test
  void aLostFenceChangesNothingAndIsReported() {
    insert(3, "expired-", clock.millis() - 60_000);
    store.takeOver(new Claim(2, 2, new NodeId("cache-2")));

    assertThat(cleaner.clean()).isZero();
    assertThat(store.size()).isEqualTo(3);
    assertThat(fenced).hasSize(1);
  }
}
