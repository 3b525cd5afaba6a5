package io.weir.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.client.CacheStatus;
import org.junit.jupiter.api.Test;

class LruMeterTest {

  private final LruMeter meter = new LruMeter(new ExactLru(10, 2));

  @Test
  void bothAreCountedOverTheSameReads() {
    meter.read(1, CacheStatus.MISS);
    LruMeter.Count before = meter.count();
    meter.read(1, CacheStatus.HIT); // Both.
    meter.wrote(2);
    meter.read(2, CacheStatus.MISS); // The exact LRU only.
    meter.read(3, CacheStatus.MISS); // Neither.
    meter.read(1, CacheStatus.HIT); // The cache only: 2 and 3 are more recent.
    LruMeter.Count count = meter.count().since(before);
    assertThat(count).isEqualTo(new LruMeter.Count(5, 4, 2, 2));
    assertThat(count.hitRatio()).isEqualTo(0.5);
    assertThat(count.lruHitRatio()).isEqualTo(0.5);
  }

  @Test
  void aReadOfUnknownKindIsUsedAndNotCounted() {
    meter.read(1, CacheStatus.UNKNOWN);
    meter.read(1, CacheStatus.MISS);
    assertThat(meter.count()).isEqualTo(new LruMeter.Count(2, 1, 0, 1));
  }

  @Test
  void nothingReadIsNoHit() {
    assertThat(meter.count().hitRatio()).isZero();
    assertThat(meter.count().lruHitRatio()).isZero();
  }
}
