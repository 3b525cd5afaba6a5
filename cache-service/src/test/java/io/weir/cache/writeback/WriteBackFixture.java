package io.weir.cache.writeback;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeTicker;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.Ticker;
import io.weir.cache.store.FencedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** An engine with a write-back that a test drives by hand, or starts. */
final class WriteBackFixture {

  static final Duration TTL_MARGIN = Duration.ofSeconds(5);

  final EngineFixture cache;
  private final FlushSettings settings;
  WriteBack writeBack;
  final List<FlushListener.Result> results = new CopyOnWriteArrayList<>();
  final AtomicReference<FencedException> fenced = new AtomicReference<>();

  WriteBackFixture(EngineFixture cache, FlushSettings settings) {
    this.cache = cache;
    this.settings = settings;
    this.writeBack = writeBack();
  }

  private WriteBack writeBack() {
    return new WriteBack(
        cache.engine.dirtySet(),
        cache.engine.progress(),
        cache.journal,
        cache.store,
        EngineFixture.CLAIM,
        cache.versions.earlier(),
        ReadGuard.ALWAYS,
        settings,
        new ExpiredWrites(cache.clock, TTL_MARGIN),
        cache.ticker,
        (result, entries, receipt, took) -> results.add(result),
        fenced::set);
  }

  /** Another reign begins, whose write-back knows nothing but what the engine does. */
  void beginAnotherReign() {
    writeBack.stop();
    cache.engine.dirtySet().requeueAll();
    writeBack = writeBack();
  }

  static WriteBackFixture of(EngineFixture.Settings settings) {
    return new WriteBackFixture(EngineFixture.of(settings), flushing(100));
  }

  static WriteBackFixture of(EngineFixture.Settings settings, Ticker ticker, FlushSettings flush) {
    return new WriteBackFixture(EngineFixture.of(settings, ticker), flush);
  }

  /** Age 10 s, no low watermark to speak of, retries after 100 ms to 1 s. */
  static FlushSettings flushing(int batchEntries) {
    return flushing(batchEntries, Duration.ZERO);
  }

  /** The same, and what was committed settles for so long. */
  static FlushSettings flushing(int batchEntries, Duration settle) {
    return new FlushSettings(
        Duration.ofSeconds(10),
        Long.MAX_VALUE,
        batchEntries,
        1 << 20,
        settle,
        Duration.ofMillis(100),
        Duration.ofSeconds(1));
  }

  void advance(Duration duration) {
    ((FakeTicker) cache.ticker).advance(duration);
  }

  /** Lets all that is dirty grow old, and flushes until nothing is due. Returns how many tries. */
  int flushOld() {
    advance(Duration.ofSeconds(11));
    int tries = 0;
    for (int idle = 0; idle < 2; ) {
      if (writeBack.flushDue()) {
        tries++;
        idle = 0;
      } else {
        idle++; // Once more: a database that seems to have gone back is looked at again.
      }
    }
    return tries;
  }

  /** The keys of the batches that were committed. */
  List<List<String>> committed() {
    List<List<String>> keys = new ArrayList<>();
    cache.store.commits.forEach(
        batch -> keys.add(batch.stream().map(write -> write.key().toString()).toList()));
    return keys;
  }
}
