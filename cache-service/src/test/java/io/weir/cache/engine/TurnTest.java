package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class TurnTest {

  private static final List<Key> KEYS = List.of(Key.of("a"), Key.of("b"), Key.of("c"), Key.of("d"));

  private final KeyGates gates = new KeyGates(Duration.ofMinutes(2));

  @Test
  void oneThatCannotPassEverywhereHoldsNothing() {
    KeyGates.Gate taken = gates.enter(Key.of("b"));
    taken.beginExclusive();
    Turn turn = Turn.of(gates, KEYS);
    assertThat(turn.tryPass()).isFalse();
    for (Key key : List.of(Key.of("a"), Key.of("c"))) {
      KeyGates.Gate free = gates.enter(key);
      assertThat(free.tryExclusive()).isTrue();
      free.endExclusive();
      free.leave();
    }
    taken.endExclusive();
    assertThat(turn.tryPass()).isTrue();
    turn.end();
    taken.leave();
    assertThat(gates.isIdle()).isTrue();
  }

  @Test
  void oneThatGivesUpHalfwayHoldsNothing() {
    KeyGates impatient = new KeyGates(Duration.ofMillis(5));
    KeyGates.Gate taken = impatient.enter(Key.of("c"));
    taken.beginExclusive();
    Turn together = Turn.of(impatient, KEYS);
    assertThatThrownBy(together::pass).isInstanceOf(Overloaded.class);
    together.end();
    Turn alone = Turn.of(impatient, KEYS);
    assertThatThrownBy(alone::passAlone).isInstanceOf(Overloaded.class);
    alone.end();
    taken.endExclusive();
    taken.leave();
    assertThat(impatient.isIdle()).isTrue();
  }

  @Test
  void aKeyThatIsNamedTwiceIsPassedOnce() {
    Turn turn = Turn.of(gates, List.of(Key.of("a"), Key.of("a"), Key.of("b")));
    turn.passAlone();
    turn.end();
    assertThat(gates.isIdle()).isTrue();
  }

  /** Turns of all kinds and sizes: nobody waits in a ring, and who is alone is that. */
  @Test
  void turnsOfSeveralKeysNeitherStandStillNorMeetWhoIsAlone() throws Exception {
    long seed = System.nanoTime();
    Map<Key, AtomicInteger> together = new ConcurrentHashMap<>();
    Map<Key, AtomicInteger> alone = new ConcurrentHashMap<>();
    KEYS.forEach(key -> {
      together.put(key, new AtomicInteger());
      alone.put(key, new AtomicInteger());
    });
    List<Future<?>> writers = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        Random random = new Random(seed + i);
        writers.add(
            executor.submit(() -> {
              for (int n = 0; n < 2_000; n++) {
                write(random, together, alone);
              }
            }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertThat(gates.isIdle()).as("seed %d", seed).isTrue();
  }

  private void write(
      Random random, Map<Key, AtomicInteger> together, Map<Key, AtomicInteger> alone) {
    List<Key> keys = new ArrayList<>(KEYS);
    Collections.shuffle(keys, random);
    keys = keys.subList(0, 1 + random.nextInt(3));
    Turn turn = Turn.of(gates, keys);
    List<Proposed> proposed = new ArrayList<>();
    try {
      int kind = random.nextInt(3);
      if (kind == 0) {
        turn.passAlone();
        for (Key key : keys) {
          assertThat(alone.get(key).incrementAndGet()).isEqualTo(1);
          assertThat(together.get(key)).hasValue(0);
        }
        Thread.yield();
        keys.forEach(key -> alone.get(key).decrementAndGet());
        turn.lock();
      } else if (kind == 1) {
        turn.pass();
      } else if (!turn.tryPass()) {
        return;
      }
      Proposal proposal = new Proposal(new Heard(), new WriteStatistics.Counter());
      for (Key key : keys.subList(0, random.nextInt(keys.size() + 1))) {
        together.get(key).incrementAndGet();
        proposed.add(turn.propose(proposal, new Write(key, new Version(1), null)));
      }
    } finally {
      turn.end();
    }
    Thread.yield();
    for (Proposed each : proposed) {
      together.get(each.write().key()).decrementAndGet();
      each.end();
    }
  }
}
