package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.DirtyStatistics;
import io.weir.model.ByteSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The room on the journal's disk, and the refusal of writes before there is none: a member that
 * cannot write its log must end, and those of a group fill their disks side by side.
 *
 * <p><b>What is kept free.</b> Write-back goes on while writes are refused, and a snapshot of what
 * is still dirty replaces the log, every few seconds. Until then the log still takes what is in its
 * queue, at most 64 MiB, as much once more where large entries leave the end of each file unused,
 * an entry for each flush, and two files of 16 MiB that it begins or has ready; and a snapshot
 * takes what is dirty, and what the database refuses, beside the one that it replaces.
 *
 * <p><b>Concurrency.</b> Looked at by a thread of its own, so often that what a fast disk takes
 * meanwhile is a small part of what is kept free.
 */
final class JournalDisk implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JournalDisk.class);

  private static final long LOOK_MILLIS = 100;

  /** After how many looks at a disk that stays full the journal is asked to shorten itself. */
  private static final int LOOKS_TO_SHORTEN = 50;

  private static final long FOR_THE_LOG = ByteSize.ofMiB(160).bytes();

  /** Writes are taken again a little above the bound, so that they do not come and go with it. */
  private static final long BEFORE_WRITES = ByteSize.ofMiB(16).bytes();

  private final LongSupplier freeBytes;
  private final @Nullable ByteSize least;
  private final CacheEngine engine;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-journal-disk").factory());

  private final Runnable shorten;

  private boolean unreadable;
  private int looksAtFull;

  /**
   * @param freeBytes of the disk; throws {@link UncheckedIOException} when it cannot be told
   * @param least what is to be free; null for what is derived
   * @param shorten has the journal replace its log by a snapshot: no write does so any more, and
   *     what was flushed since is in the log alone
   */
  JournalDisk(
      LongSupplier freeBytes, @Nullable ByteSize least, CacheEngine engine, Runnable shorten) {
    this.freeBytes = freeBytes;
    this.least = least;
    this.engine = engine;
    this.shorten = shorten;
  }

  /** The free bytes of the disk that a directory is on, or will be. */
  static long freeBytes(Path directory) {
    try {
      Path there = directory.toAbsolutePath();
      while (!Files.exists(there) && there.getParent() != null) {
        there = there.getParent();
      }
      return Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Looks now, and from here on. */
  void start() {
    look();
    var _ =
        looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Refuses writes or takes them, as there is room. Does not throw. */
  void look() {
    try {
      long free = freeBytes.getAsLong();
      unreadable = false;
      judge(free, leastBytes());
      if (!engine.isJournalFull()) {
        looksAtFull = 0;
      } else if (looksAtFull++ % LOOKS_TO_SHORTEN == 0) {
        shorten.run();
      }
    } catch (RuntimeException e) {
      if (!unreadable) {
        unreadable = true;
        LOG.warn("cannot tell how much of the journal's disk is free: {}", e.toString());
      }
    }
  }

  private void judge(long free, long needed) {
    boolean full = engine.isJournalFull();
    if (!full && free < needed) {
      engine.journalIsFull(
          "the journal's disk is nearly full, with "
              + mebibytes(free)
              + " MiB free of the "
              + mebibytes(needed)
              + " that must be; write-back goes on");
      LOG.warn(
          "writes are refused: the journal's disk has {} MiB free, and what is admitted may take"
              + " {}",
          mebibytes(free),
          mebibytes(needed));
    } else if (full && (free >= needed + BEFORE_WRITES || needed == 0)) {
      engine.journalIsFull("");
      LOG.info("writes are taken again: the journal's disk has {} MiB free", mebibytes(free));
    }
  }

  /** What must be free. */
  long leastBytes() {
    if (least != null) {
      return least.bytes();
    }
    DirtyStatistics dirty = engine.statistics().dirty();
    return FOR_THE_LOG + dirty.bytes() + dirty.quarantinedBytes();
  }

  /** What is free; NaN when that cannot be told. */
  double free() {
    try {
      return freeBytes.getAsLong();
    } catch (UncheckedIOException e) {
      return Double.NaN;
    }
  }

  private static long mebibytes(long bytes) {
    return bytes >> 20;
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
