package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DirtyQueueTest {

  private final DirtyQueue queue = new DirtyQueue();

  private static Dirt dirtySince(long nanos) {
    Dirt dirt = new Dirt(Entry.of(Key.of("k" + nanos), null, 1));
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
  void whateverIsGivenBackStandsAtItsAge() {
    long seed = System.nanoTime();
    System.out.println("DirtyQueueTest seed " + seed);
    Random random = new Random(seed);
    List<Dirt> in = new ArrayList<>();
    List<Dirt> out = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      int action = random.nextInt(4);
      if (action == 0) {
        Dirt dirt = dirtySince(step / 3);
        queue.addLast(dirt);
        in.add(dirt);
      } else if (action == 1 && !in.isEmpty()) {
        Dirt dirt = in.remove(random.nextInt(in.size()));
        queue.remove(dirt);
        out.add(dirt);
      } else if (!out.isEmpty()) {
        Dirt dirt = out.remove(random.nextInt(out.size()));
        queue.addByAge(dirt);
        in.add(dirt);
      }
    }
    assertThat(drained()).isSorted().hasSameSizeAs(in);
  }

  @Test
  @Timeout(10) // It takes milliseconds; with a walk to each place, half a minute.
  void aBatchOfMiddleAgeIsGivenBackWithoutAWalkForEach() {
    for (int i = 0; i < 300_000; i++) {
      queue.addLast(dirtySince(2L * i));
    }
    for (int i = 200_000; i > 150_000; i--) {
      queue.addByAge(dirtySince(2L * i - 1));
    }
    assertThat(drained()).isSorted().hasSize(350_000);
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
