package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.engine.Ticker;
import io.weir.cache.engine.VersionSequence;
import io.weir.cache.journal.Journal;
import io.weir.cache.kv.Claim;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.FencedException;
import io.weir.cache.store.ShardRegistry;
import io.weir.cache.writeback.ExpiredWrites;
import io.weir.cache.writeback.ExpiryCleaner;
import io.weir.cache.writeback.FlushListener;
import io.weir.cache.writeback.FlushSettings;
import io.weir.cache.writeback.WriteBack;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * What a leader does to the database in the background: write-back and the removal of expired rows.
 * Made when a reign has begun and the tasks of the one before have ended; closed when it ends.
 */
final class LeaderTasks implements AutoCloseable {

  /**
   * What they are made of; the same for every reign.
   *
   * @param store through {@code gate}
   * @param gate that a reign's check is put into
   * @param registry that it asks
   */
  record Parts(
      CacheEngine engine,
      BackingStore store,
      ReignGate gate,
      ShardRegistry registry,
      FlushSettings flush,
      TtlSettings ttl,
      FlushListener listener,
      Clock clock,
      Ticker ticker) {}

  private final Claim claim;
  private final WriteBack writeBack;
  private final ExpiryCleaner cleaner;

  /**
   * Starts it.
   *
   * @param journal that flushes are noted in
   * @param versions of the reign's writes
   * @param scheduler of the removal of expired rows
   * @param onFenced told when another leader has taken over
   */
  LeaderTasks(
      Parts parts,
      Claim claim,
      Journal journal,
      VersionSequence versions,
      ReadGuard guard,
      ScheduledExecutorService scheduler,
      Consumer<FencedException> onFenced) {
    this.claim = claim;
    this.writeBack =
        new WriteBack(
            parts.engine().dirtySet(),
            parts.engine().progress(),
            journal,
            parts.store(),
            claim,
            versions.earlier(),
            guard,
            parts.flush(),
            new ExpiredWrites(parts.clock(), parts.ttl().margin()),
            parts.ticker(),
            parts.listener(),
            onFenced);
    writeBack.start();
    this.cleaner =
        new ExpiryCleaner(
            parts.store(),
            claim,
            parts.clock(),
            parts.ticker(),
            new ExpiryCleaner.Limits(
                parts.ttl().cleanInterval(), parts.ttl().margin(), parts.ttl().batchRows()),
            onFenced);
    cleaner.start(scheduler);
  }

  Claim claim() {
    return claim;
  }

  WriteBack writeBack() {
    return writeBack;
  }

  /** Writes back all that is dirty. Returns whether that was done in time. */
  boolean drain(Duration timeout) throws InterruptedException {
    return writeBack.flushAll(timeout);
  }

  /** Lets nothing new begin; does not wait. */
  void stop() {
    cleaner.stop();
    writeBack.stop();
  }

  /** Stops, and waits for the flush in progress. */
  @Override
  public void close() {
    stop();
    writeBack.close();
  }
}
