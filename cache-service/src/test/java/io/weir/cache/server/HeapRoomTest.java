package io.weir.cache.server;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.HeapLayout;
import io.weir.model.ByteSize;
import io.weir.web.StartupRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapRoomTest {

  private static final HeapLayout G1 = new HeapLayout(4, 1 << 20);

  @Test
  void aTableThatTheHeapCannotHoldIsRefused() {
    assertThatThrownBy(() -> room(309).requireTable(ByteSize.parse("2GiB")))
        .isInstanceOf(StartupRefusedException.class)
        .hasMessage(
            "weir.cache.max-bytes is 2GiB, which does not fit into a heap of 309 MiB beside the"
                + " server's own 100 MiB: give the JVM more, -Xmx3222m say, or set 185MiB at most");
    assertThatThrownBy(() -> room(64).requireTable(ByteSize.ofMiB(1)))
        .hasMessageEndingWith("give the JVM more, -Xmx151m say, or set a smaller size");
  }

  /** What the demo, the images, the manifests and the documentation's rule give a server. */
  @ParameterizedTest
  @CsvSource({"309, 128", "135, 8", "460, 256", "2457, 1536", "512, 256", "1200, 700", "534, 256"})
  void aTableThatFitsIsNot(int heapMib, int tableMib) {
    assertThatCode(() -> room(heapMib).requireTable(ByteSize.ofMiB(tableMib)))
        .doesNotThrowAnyException();
  }

  @Test
  void whatIsSaidToFitFits() {
    room(309).requireTable(ByteSize.ofMiB(185));
    assertThatThrownBy(() -> room(309).requireTable(ByteSize.ofMiB(187)))
        .isInstanceOf(StartupRefusedException.class);
  }

  @Test
  void aValueWhoseRegionsAreMoreThanMayBeDirtyIsRefused() {
    ByteSize value = ByteSize.ofMiB(1);
    assertThatThrownBy(() -> room(512).requireValue(value, 2 << 20, "2MiB"))
        .isInstanceOf(StartupRefusedException.class)
        .hasMessage(
            "weir.max-value-size is 1MiB, which takes 2099200 bytes of a heap whose regions have"
                + " 1048576, more than what may be dirty, 2MiB; larger regions,"
                + " -XX:G1HeapRegionSize, waste less");
    room(512).requireValue(value, 3 << 20, "3MiB");
    new HeapRoom(1 << 29, new HeapLayout(4, 0)).requireValue(value, 2 << 20, "2MiB");
  }

  private static HeapRoom room(int heapMib) {
    return new HeapRoom((long) heapMib << 20, G1);
  }
}
