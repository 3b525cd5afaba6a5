package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapLayoutTest {

  private static final int KIB = 1024;

  @ParameterizedTest
  @CsvSource({
    "1024, 0, 16",
    "1024, 1, 24",
    "1024, 100, 120",
    // Half of a region, with its head, and a byte more.
    "1024, 524272, 524288",
    "1024, 524273, 1048576",
    "1024, 614400, 1048576",
    "1024, 1048560, 1048576",
    "1024, 1048576, 2097152",
    "2048, 614400, 614416",
    "2048, 1048576, 2097152",
    "4096, 1048576, 1048592",
    "32768, 33554432, 67108864",
    "0, 1048576, 1048592"
  })
  void anArrayAboveHalfARegionTakesWholeOnes(long regionKib, long length, long bytes) {
    assertThat(new HeapLayout(4, regionKib * KIB).ofArray(length)).isEqualTo(bytes);
  }

  @Test
  void whatTheRunningVmSaysIsTaken() {
    HeapLayout heap = HeapLayout.ofThisVm();
    boolean g1 =
        ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
            .anyMatch(collector -> collector.getName().startsWith("G1"));
    assertThat(heap.regionBytes() > 0).isEqualTo(g1);
    assertThat(heap.referenceBytes()).isIn(4, 8);
  }
}
