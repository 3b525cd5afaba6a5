package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TouchBufferTest {

  private final TouchBuffer touches = new TouchBuffer();

  @Test
  void touchesComeOutInOrderAndOnce() {
    List<Entry> entries = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      entries.clear();
      for (int i = 0; i < TouchBuffer.CAPACITY; i++) {
        entries.add(Entry.of(Key.of("k" + i), null, 1));
        assertThat(touches.record(entries.getLast())).isTrue();
      }
      assertThat(touches.record(entries.getFirst())).as("full").isFalse();
      List<Entry> drained = new ArrayList<>();
      touches.drain(drained::add);
      assertThat(drained).isEqualTo(entries);
      touches.drain(entry -> {
        throw new AssertionError("drained twice");
      });
    }
  }
}
