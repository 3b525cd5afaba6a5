package io.weir.benchmarks;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.EngineSettings;
import io.weir.cache.engine.EvictionPolicy;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.TableLock;
import io.weir.cache.engine.Ticker;
import io.weir.cache.engine.VersionSequence;
import io.weir.cache.engine.Weights;
import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.FlushNumber;
import io.weir.cache.kv.FlushSpan;
import io.weir.cache.kv.RowRange;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FlushReceipt;
import io.weir.cache.store.RowPage;
import io.weir.cache.writeback.ExpiredWrites;
import io.weir.cache.writeback.FlushSettings;
import io.weir.cache.writeback.WriteBack;
import io.weir.model.Key;
import io.weir.model.NodeId;
import io.weir.model.Version;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An engine that leads, over a database that takes everything at once. */
final class EngineFixture implements AutoCloseable {

  private static final long MAX_BYTES = 512L << 20;
  private static final int STRIPES = 64;

  /** Of a clean entry of the grid's keys and values. */
  static final int WEIGHT = Weights.ofClean(key(0), Contender.VALUE);

  private final CacheEngine engine;
  private final BackingStore store = new AcceptingStore();
  private final Ticker ticker = Ticker.system();
  private final EngineSettings settings;
  private @Nullable WriteBack writeBack;

  /** An engine that does not lead yet. */
  EngineFixture() {
    this(settings(MAX_BYTES, STRIPES));
  }

  /** The same, of another size. */
  EngineFixture(EngineSettings settings) {
    this.settings = settings;
    engine = new CacheEngine(settings, store, Clock.systemUTC(), ticker);
  }

  /** An engine whose writes stay in memory alone, and whose reads need no guard. */
  static EngineFixture inMemory() {
    EngineFixture fixture = appliedAtOnce(settings(MAX_BYTES, STRIPES), ReadGuard.ALWAYS);
    fixture.engine.allowMemory(true);
    return fixture;
  }

  /** An engine in memory alone with room for so many entries. */
  static EngineFixture bounded(long entries, int stripes, EvictionPolicy policy) {
    EngineFixture fixture =
        appliedAtOnce(
            settings(MAX_BYTES, entries, stripes, TableLock.OPTIMISTIC, policy), ReadGuard.ALWAYS);
    fixture.engine.allowMemory(true);
    return fixture;
  }

  /** An engine whose journal keeps nothing, and applies at once. */
  static EngineFixture appliedAtOnce(EngineSettings settings, ReadGuard guard) {
    EngineFixture fixture = new EngineFixture(settings);
    fixture.lead(
        new AppliedAtOnce(fixture.engine),
        new VersionSequence(1, 0, CompletableFuture::new),
        guard);
    return fixture;
  }

  /** Begins to lead, with write-back. */
  void lead(Journal journal, VersionSequence versions, ReadGuard guard) {
    FlushSettings flush =
        new FlushSettings(
            Duration.ofSeconds(1),
            settings.lowWatermarkBytes(),
            1000,
            4 << 20,
            Duration.ZERO,
            Duration.ofMillis(50),
            Duration.ofSeconds(5));
    WriteBack started =
        new WriteBack(
            engine.dirtySet(),
            engine.progress(),
            journal,
            store,
            new Claim(1, 1, new NodeId("benchmark")),
            versions.earlier(),
            ReadGuard.ALWAYS,
            flush,
            new ExpiredWrites(Clock.systemUTC(), Duration.ZERO),
            ticker,
            (result, entries, receipt, took) -> {},
            fenced -> {});
    started.start();
    writeBack = started;
    engine.lead(journal, versions, guard);
  }

  static EngineSettings settings(long maxBytes, int stripes) {
    return settings(maxBytes, stripes, TableLock.OPTIMISTIC);
  }

  static EngineSettings settings(long maxBytes, int stripes, TableLock lock) {
    return settings(maxBytes, Long.MAX_VALUE, stripes, lock, EvictionPolicy.LRU);
  }

  private static EngineSettings settings(
      long maxBytes, long entries, int stripes, TableLock lock, EvictionPolicy policy) {
    return new EngineSettings(
        maxBytes,
        entries,
        stripes,
        lock,
        policy,
        maxBytes / 2,
        maxBytes / 4,
        maxBytes / 20,
        Duration.ofSeconds(1),
        1024,
        64,
        Duration.ofSeconds(1),
        Duration.ofSeconds(5));
  }

  CacheEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    if (writeBack != null) {
      writeBack.close();
    }
  }

  /** Keys of 16 bytes, in an order that a skewed choice does not follow. */
  static Key[] keys(int count) {
    Key[] keys = new Key[count];
    for (int i = 0; i < count; i++) {
      keys[i] = key(i);
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

  /** A key of 16 bytes. */
  static Key key(int number) {
    return Key.of("key:%012d".formatted(number));
  }

  /** A journal that keeps nothing. */
  private record AppliedAtOnce(CacheEngine engine) implements Journal {

    @Override
    public void append(List<Mutation> mutations, AppendListener done) {
      mutations.forEach(engine::apply);
      done.applied();
      done.afterwards().run();
    }

    @Override
    public void close() {}
  }

  /** Has a row of every key, as it says, and takes every write. */
  private static final class AcceptingStore implements BackingStore {

    /** Older than whatever the engine writes. */
    private static final Versioned ROW = Versioned.of(new Version(1), Contender.VALUE);

    @Override
    public Versioned load(Key key, FlushSpan numbers) {
      return ROW;
    }

    @Override
    public Map<Key, Versioned> loadAll(List<Key> keys, FlushSpan numbers) {
      Map<Key, Versioned> rows = new HashMap<>();
      keys.forEach(key -> rows.put(key, Versioned.ABSENT));
      return rows;
    }

    @Override
    public RowPage scan(RowRange range, int maxRows, long maxBytes, FlushSpan numbers) {
      return new RowPage(List.of(), null);
    }

    @Override
    public long flushNumber(Claim claim) {
      return 0;
    }

    @Override
    public long flushNumberOnNewSession() {
      return 0;
    }

    @Override
    public void renewSessions() {}

    @Override
    public FlushReceipt flush(
        Claim claim, FlushNumber number, Version earlier, List<Write> writes) {
      return new FlushReceipt(1);
    }

    @Override
    public Set<Key> locked(List<Key> keys) {
      return Set.of();
    }

    @Override
    public int deleteExpired(Claim claim, long expiredBeforeMillis, int limit) {
      return 0;
    }
  }
}
