package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.DirtyStatistics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this server such that it can be stopped and nobody notices, until it is stopped or taken
 * back: with other members in its group it hands the leadership over, and again whenever it gets it
 * back; alone it refuses writes, goes on answering reads, and writes back all that is dirty.
 *
 * <p>It is not remembered over a restart.
 *
 * <p><b>Concurrency.</b> One thread, {@code weir-drain}, works while a drain is wanted. Guarded by
 * itself; nothing is waited for while it is held.
 */
final class Drain {

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  private static final String WHY = "this server is drained, to be stopped";
  private static final Duration HAND_OVER = Duration.ofSeconds(5);

  /** How long one step may work before it is looked whether the drain is still wanted. */
  private static final Duration STEP = Duration.ofSeconds(1);

  private static final long LOOK_MILLIS = 100;

  /** The longest pause between two tries to hand over, which members all drained would repeat. */
  private static final long LONGEST_PAUSE_MILLIS = 30_000;

  private final ShardServer server;
  private final CacheEngine engine;

  private @Nullable Thread thread;

  Drain(ShardServer server, CacheEngine engine) {
    this.server = server;
    this.engine = engine;
  }

  /** How far it is. */
  enum State {
    /** No drain is wanted. */
    ACTIVE,
    /** It is wanted, and something is left. */
    DRAINING,
    /** A stop would hand nothing over and lose nothing; only what is quarantined is left. */
    DRAINED
  }

  /** Begins, or goes on; does not wait. */
  synchronized void begin() {
    if (thread == null) {
      LOG.info("draining: {} dirty entries", engine.statistics().dirty().entries());
      thread = Thread.ofPlatform().name("weir-drain").daemon().start(this::run);
    }
  }

  /** Takes the server back: it may lead, and takes writes. */
  void undo() throws InterruptedException {
    Thread working;
    synchronized (this) {
      working = thread;
      thread = null;
      notifyAll();
    }
    if (working == null) {
      return;
    }
    working.join(); // What it does just now, it does to its end.
    ShardGroup group = server.group();
    if (group != null) {
      group.acceptWrites();
    }
    LOG.info("not draining any more");
  }

  State state() {
    if (!isWanted()) {
      return State.ACTIVE;
    }
    ShardGroup group = server.group();
    if (group == null || group.claim() == null) {
      return State.DRAINED;
    }
    DirtyStatistics now = engine.statistics().dirty();
    boolean nothingLeft = now.entries() == now.quarantinedEntries() && now.memoryOnlyEntries() == 0;
    return !group.hasSuccessor() && refusesWrites() && nothingLeft ? State.DRAINED : State.DRAINING;
  }

  /** Whether this server leads, and refuses writes nevertheless. */
  boolean refusesWrites() {
    ShardGroup group = server.group();
    return group != null && group.claim() != null && !engine.isLeading();
  }

  /** Waits until it is drained. Returns whether it came to that in time. */
  boolean await(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (state() == State.DRAINING) {
      if (System.nanoTime() >= deadline) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS / 10);
    }
    return state() == State.DRAINED;
  }

  private synchronized boolean isWanted() {
    return thread != null;
  }

  private synchronized boolean isMine() {
    return Thread.currentThread().equals(thread) && !server.isStopping();
  }

  private void run() {
    long pause = LOOK_MILLIS;
    try {
      while (isMine()) {
        boolean failed = false;
        ShardGroup group = server.group();
        if (group != null && group.claim() != null) {
          if (group.hasSuccessor()) {
            failed = !group.handOver(HAND_OVER);
          } else {
            writeBackAlone(group);
          }
        }
        pause = failed ? Math.min(2 * pause, LONGEST_PAUSE_MILLIS) : LOOK_MILLIS;
        rest(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeBackAlone(ShardGroup group) throws InterruptedException {
    group.refuseWrites(WHY);
    LeaderTasks tasks = server.leaderTasks();
    if (tasks != null && engine.awaitWrites(STEP)) {
      boolean drained = tasks.drain(STEP);
      if (!drained || engine.statistics().dirty().memoryOnlyEntries() > 0) {
        // What the database does not take, or refuses, is to outlive the stop.
        boolean _ = engine.journalWhatIsInMemory();
      }
    }
  }

  private synchronized void rest(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long left = millis;
    while (left > 0 && Thread.currentThread().equals(thread)) {
      wait(left);
      left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }
  }
}
