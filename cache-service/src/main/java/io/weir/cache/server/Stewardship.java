package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.Ticker;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.MemoryJournal;
import io.weir.cache.kv.Leadership;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FencedException;
import io.weir.cache.writeback.ExpiryCleaner;
import io.weir.cache.writeback.FlushListener;
import io.weir.cache.writeback.FlushSettings;
import io.weir.cache.writeback.WriteBack;
import io.weir.model.Version;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * All that works only while this server leads its shard: the journal, write-back and the removal of
 * expired rows. Made when leadership is taken, closed when it ends.
 */
final class Stewardship implements AutoCloseable {

  /** What it is made of; the same for every leadership. */
  record Parts(
      CacheEngine engine,
      BackingStore store,
      FlushSettings flush,
      TtlSettings ttl,
      FlushListener listener,
      Clock clock,
      Ticker ticker) {}

  private final Leadership leadership;
  private final Journal journal;
  private final WriteBack writeBack;

  Stewardship(
      Parts parts,
      Leadership leadership,
      ScheduledExecutorService scheduler,
      Consumer<FencedException> onFenced) {
    this.leadership = leadership;
    this.journal = new MemoryJournal(parts.engine());
    this.writeBack =
        new WriteBack(
            parts.engine().dirtySet(),
            journal,
            parts.store(),
            leadership,
            parts.flush(),
            parts.ticker(),
            parts.listener(),
            onFenced);
    writeBack.start();
    ExpiryCleaner cleaner =
        new ExpiryCleaner(
            parts.store(),
            leadership,
            parts.clock(),
            parts.ttl().margin(),
            parts.ttl().batchRows(),
            onFenced);
    var _ = cleaner.schedule(scheduler, parts.ttl().cleanInterval());
    parts.engine().lead(journal, Version.startOf(leadership.generation(), 0));
  }

  Leadership leadership() {
    return leadership;
  }

  WriteBack writeBack() {
    return writeBack;
  }

  /** Writes back all that is dirty. Returns whether that was done in time. */
  boolean drain(Duration timeout) throws InterruptedException {
    return writeBack.flushAll(timeout);
  }

  @Override
  public void close() {
    writeBack.close();
    journal.close();
  }
}
