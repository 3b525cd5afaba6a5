package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.weir.cache.engine.EngineException.ConditionFailed;
import io.weir.cache.store.StoreUnavailableException;
import io.weir.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Writes that happen only when something holds of their key. */
class ConditionalWriteTest {

  private static final Condition ABSENT = current -> current.value() == null;

  private final EngineFixture cache = EngineFixture.of(settings());

  private static Condition at(Version version) {
    return current -> current.value() != null && current.version().equals(version);
  }

  @Test
  void aWriteOfAnAbsentKeyHappensOnce() {
    cache.write(key("k"), value("one"), ABSENT);

    assertThatThrownBy(() -> cache.write(key("k"), value("two"), ABSENT))
        .asInstanceOf(type(ConditionFailed.class))
        .satisfies(e -> assertThat(EngineFixture.text(e.current())).isEqualTo("one"));
    assertThat(cache.get("k")).isEqualTo("one");
  }

  @Test
  void aWriteAtAVersionHappensAtThatVersionOnly() {
    Version one = cache.put("k", "one");
    Version two = cache.write(key("k"), value("two"), at(one));

    assertThatThrownBy(() -> cache.write(key("k"), value("three"), at(one)))
        .isInstanceOf(ConditionFailed.class);
    cache.write(key("k"), null, at(two));
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void aConditionOnAKeyThatIsNotResidentAsksTheDatabase() {
    cache.store.insert(key("k"), 9, value("row"));

    cache.write(key("k"), value("new"), at(new Version(9)));

    assertThat(cache.get("k")).isEqualTo("new");
    assertThat(cache.store.loads).hasValue(1);
  }

  @Test
  void aFailedConditionOrAFailedLoadGivesItsBytesAndItsGateBack() {
    cache.put("k", "one");
    long before = cache.engine.statistics().dirty().bytes();

    assertThatThrownBy(() -> cache.write(key("k"), value("two"), ABSENT))
        .isInstanceOf(ConditionFailed.class);
    cache.store.goDown();
    assertThatThrownBy(() -> cache.write(key("other"), value("two"), ABSENT))
        .isInstanceOf(StoreUnavailableException.class);

    assertThat(cache.engine.statistics().dirty().bytes()).isEqualTo(before);
    cache.put("k", "three");
    cache.put("other", "three");
    assertThat(cache.get("other")).isEqualTo("three");
  }

  @Test
  void aBlindWriteDoesNotPassAConditionalOneThatIsBeingDecided() throws Exception {
    CountDownLatch deciding = new CountDownLatch(1);
    CountDownLatch decide = new CountDownLatch(1);
    cache.store.afterLoad =
        k -> {
          deciding.countDown();
          await(decide);
        };
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Version> conditional =
          executor.submit(() -> cache.write(key("k"), value("conditional"), ABSENT));
      await(deciding);
      Future<Version> blind = executor.submit(() -> cache.put("k", "blind"));
      decide.countDown();

      assertThat(blind.get().isNewerThan(conditional.get())).isTrue();
    }
    assertThat(cache.get("k")).isEqualTo("blind");
  }

  @Test
  void concurrentIncrementsLoseNoneAmongBlindWritersOfOtherKeys() throws Exception {
    int threads = 8;
    int increments = 200;
    cache.put("counter", "0");
    AtomicLong refused = new AtomicLong();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        all.add(
            executor.submit(() -> {
              for (int i = 0; i < increments; ) {
                var current = cache.read(key("counter"), false).what();
                int next = Integer.parseInt(EngineFixture.text(current)) + 1;
                try {
                  cache.write(key("counter"), value(Integer.toString(next)), at(current.version()));
                  i++;
                } catch (ConditionFailed e) {
                  refused.incrementAndGet();
                }
                cache.put("other-" + thread, "x");
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(cache.get("counter")).isEqualTo(Integer.toString(threads * increments));
  }

  @Test
  void blindWritesPipelinedWithConditionalOnesNeverInvalidateTheirDecision() throws Exception {
    // A conditional write's version is the very next one of its key after the one it saw.
    int rounds = 400;
    List<Version> blind = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Version[]> conditional = java.util.Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        all.add(
            executor.submit(() -> {
              for (int i = 0; i < rounds; i++) {
                blind.add(cache.put("k", "b"));
              }
            }));
        all.add(
            executor.submit(() -> {
              for (int i = 0; i < rounds; i++) {
                Version[] seen = new Version[2];
                seen[1] =
                    cache.write(
                        key("k"),
                        value("c"),
                        current -> {
                          seen[0] = current.version();
                          return true;
                        });
                conditional.add(seen);
              }
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    List<Version> writes = new ArrayList<>(blind);
    conditional.forEach(seen -> writes.add(seen[1]));
    for (Version[] seen : conditional) {
      assertThat(writes)
          .as("nothing is written between what was seen and what was decided on it")
          .noneMatch(version -> version.isNewerThan(seen[0]) && seen[1].isNewerThan(version));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(2, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
