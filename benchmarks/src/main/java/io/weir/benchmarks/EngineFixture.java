package io.weir.benchmarks;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineSettings;
import io.weir.cache.engine.Ticker;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.MemoryJournal;
import io.weir.cache.kv.Leadership;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.writeback.FlushSettings;
import io.weir.cache.writeback.WriteBack;
import io.weir.model.Key;
import io.weir.model.NodeId;
import io.weir.model.Version;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** An engine with a journal in memory and a database that takes everything at once. */
final class EngineFixture implements AutoCloseable {

  private static final long MAX_BYTES = 512L << 20;

  private final CacheEngine engine;
  private final WriteBack writeBack;

  EngineFixture() {
    EngineSettings settings =
        new EngineSettings(
            MAX_BYTES,
            Long.MAX_VALUE,
            64,
            MAX_BYTES / 2,
            MAX_BYTES / 4,
            MAX_BYTES / 20,
            Duration.ofSeconds(1),
            1024,
            64,
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));
    BackingStore store = new AcceptingStore();
    Ticker ticker = Ticker.system();
    engine = new CacheEngine(settings, store, Clock.systemUTC(), ticker);
    Journal journal = new MemoryJournal(engine);
    FlushSettings flush =
        new FlushSettings(
            Duration.ofSeconds(1),
            settings.lowWatermarkBytes(),
            1000,
            4 << 20,
            Duration.ofMillis(50),
            Duration.ofSeconds(5));
    writeBack =
        new WriteBack(
            engine.dirtySet(),
            journal,
            store,
            new Leadership(1, 1, new NodeId("benchmark")),
            flush,
            ticker,
            (result, entries, statements, took) -> {},
            fenced -> {});
    writeBack.start();
    engine.lead(journal, Version.startOf(1, 0));
  }

  CacheEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    writeBack.close();
  }

  /** Keys of 16 bytes, in an order that a skewed choice does not follow. */
  static Key[] keys(int count) {
    Key[] keys = new Key[count];
    for (int i = 0; i < count; i++) {
      keys[i] = Key.of("key:%012d".formatted(i));
    }
    SplittableRandom random = new SplittableRandom(1);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      Key swapped = keys[i];
      keys[i] = keys[j];
      keys[j] = swapped;
    }
    return keys;
  }

  private static final class AcceptingStore implements BackingStore {

    @Override
    public Versioned load(Key key) {
      return Versioned.ABSENT;
    }

    @Override
    public FlushReceipt flush(Leadership leadership, List<Write> writes) {
      return new FlushReceipt(1);
    }

    @Override
    public int deleteExpired(Leadership leadership, long expiredBeforeMillis, int limit) {
      return 0;
    }
  }
}
