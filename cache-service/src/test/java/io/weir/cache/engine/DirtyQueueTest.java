package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirtyQueueTest {

  private final DirtyQueue queue = new DirtyQueue();

  private static Dirt dirtySince(long nanos) {
    Dirt dirt = new Dirt(new Entry(Key.of("k" + nanos), null, 1, 1));
    dirt.sinceNanos = nanos;
    return dirt;
  }

  private List<Long> drained() {
    List<Long> since = new ArrayList<>();
    for (Dirt dirt = queue.peek(); dirt != null; dirt = queue.peek()) {
      assertThat(dirt.queued).isTrue();
      queue.remove(dirt);
      assertThat(dirt.queued).isFalse();
      since.add(dirt.sinceNanos);
    }
    return since;
  }

  @Test
  void theOldestComesFirst() {
    queue.addLast(dirtySince(10));
    queue.addLast(dirtySince(20));
    queue.addLast(dirtySince(30));
    assertThat(drained()).containsExactly(10L, 20L, 30L);
    assertThat(queue.peek()).isNull();
  }

  @Test
  void whatIsGivenBackStandsAtItsAge() {
    queue.addByAge(dirtySince(20));
    queue.addByAge(dirtySince(10));
    queue.addByAge(dirtySince(40));
    queue.addByAge(dirtySince(30));
    queue.addLast(dirtySince(50));
    assertThat(drained()).containsExactly(10L, 20L, 30L, 40L, 50L);
  }

  @Test
  void oneIsTakenOutOfTheMiddle() {
    Dirt middle = dirtySince(20);
    queue.addLast(dirtySince(10));
    queue.addLast(middle);
    queue.addLast(dirtySince(30));
    queue.remove(middle);
    assertThat(drained()).containsExactly(10L, 30L);
  }
}
