package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.key;
import static io.weir.cache.engine.EngineFixture.settings;
import static io.weir.cache.engine.EngineFixture.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads by threads of their own beside all that changes the table. */
@Timeout(120)
class ReadStressTest {

  private static final int READERS = 2;

  /** What a reader does once, with what it knows from before. */
  private interface Look {
    long from(long seen);
  }

  /** Runs a change while readers look, each again and again. */
  private static void beside(Runnable changes, Look look) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService executor = Executors.newFixedThreadPool(READERS)) {
      List<Future<?>> readers =
          Stream.<Future<?>>generate(() ->
                  executor.submit(() -> {
                    for (long seen = 0; !over.get(); ) {
                      seen = look.from(seen);
                    }
                  }))
              .limit(READERS)
              .toList();
      try {
        changes.run();
      } finally {
        over.set(true);
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
    }
  }

  private static long versionOf(EngineFixture cache, Key key) {
    Entry found = cache.table().read(key);
    assertThat(found).as("%s is there all the time", key).isNotNull();
    return found.version;
  }

  @ParameterizedTest
  @EnumSource(TableLock.class)
  void aKeyThatIsThereIsFoundWhateverHappensToOthers(TableLock lock) throws Exception {
    EngineFixture cache =
        EngineFixture.of(settings().lock(lock).maxBytes(64 << 20).maxDirtyBytes(60 << 20));
    Key hot = key("hot");
    cache.put("hot", "v");
    beside(
        () -> {
          // Twelve times the buckets grow, and chains lose entries at their heads and ends.
          for (int i = 0; i < 40_000; i++) {
            cache.put("key-" + i, "v");
            if (i % 4 == 3) {
              cache.put("hot", "v");
            }
            if (i % 1000 == 999) {
              cache.flush();
              for (int dropped = i - 900; dropped < i; dropped += 2) {
                cache.table().drop(key("key-" + dropped));
              }
            }
          }
        },
        seen -> {
          long now = versionOf(cache, hot);
          assertThat(now).isGreaterThanOrEqualTo(seen);
          return now;
        });
    assertThat(cache.engine.statistics().memory().entries()).isGreaterThan(20_000);
  }

  @ParameterizedTest
  @EnumSource(TableLock.class)
  void aSnapshotIsSeenAsOneChangeOfAllStripes(TableLock lock) throws Exception {
    EngineFixture cache = EngineFixture.of(settings().lock(lock).stripes(8));
    Key[] keys =
        Stream.iterate(0, i -> i + 1).limit(40).map(i -> key("key-" + i)).toArray(Key[]::new);
    cache.install(snapshot(keys, 1));
    beside(
        () -> {
          for (int version = 2; version < 5_000; version++) {
            cache.install(snapshot(keys, version));
          }
        },
        seen -> {
          long newest = seen;
          for (Key key : keys) {
            long now = versionOf(cache, key);
            assertThat(now).as("%s", key).isGreaterThanOrEqualTo(newest);
            newest = now;
          }
          return newest;
        });
  }

  private static Write[] snapshot(Key[] keys, long version) {
    return Stream.of(keys)
        .map(key -> new Write(key, new Version(version), value("v")))
        .toArray(Write[]::new);
  }

  @ParameterizedTest
  @EnumSource(TableLock.class)
  void everyHitIsCountedAndNothingElseIsTouched(TableLock lock) throws Exception {
    EngineFixture cache = EngineFixture.of(settings().lock(lock));
    for (int i = 0; i < 100; i++) {
      cache.put("key-" + i, "v");
    }
    long before = cache.engine.statistics().reads().hits();
    long[] hits = new long[READERS];
    int[] reader = {0};
    beside(
        () -> {
          for (int i = 0; i < 20_000; i++) {
            cache.put(
                "key-" + i % 100, "w"); // A touch of what was replaced must not bring it back.
          }
        },
        new Look() {
          private final ThreadLocal<Integer> mine =
              ThreadLocal.withInitial(() -> {
                synchronized (reader) {
                  return reader[0]++;
                }
              });

          @Override
          public long from(long seen) {
            versionOf(cache, key("key-" + seen % 100));
            hits[mine.get()]++;
            return seen + 1;
          }
        });
    long counted = cache.engine.statistics().reads().hits() - before;
    assertThat(counted).isEqualTo(hits[0] + hits[1]);
    cache.flush();
    int listed = 0;
    Stripe stripe = cache.table().stripe(key("any"));
    stripe.applyTouches();
    for (Entry entry = stripe.order().lists().getFirst().coldest();
        entry != null;
        entry = entry.hotter) {
      assertThat(entry.isGone()).isFalse();
      listed++;
    }
    assertThat(listed).isEqualTo(100);
  }
}
