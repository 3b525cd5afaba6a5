package io.weir.cache.server;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.journal.Member;
import io.weir.cache.journal.ReplicatedJournal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step by which a leader lets another member lead. It refuses writes meanwhile. */
final class HandOver {

  private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

  private static final int LOOK_MILLIS = 5;

  private final ReplicatedJournal journal;
  private final CacheEngine engine;
  private final ThisServer self;

  HandOver(ReplicatedJournal journal, CacheEngine engine, ThisServer self) {
    this.journal = journal;
    this.engine = engine;
    this.self = self;
  }

  /**
   * Hands over to one of the members, and waits until it leads.
   *
   * @param successors others that answer, at least one
   * @param isDone whether another leads
   * @param isFailed whether this server leads again
   * @return false when none took over in time
   */
  boolean to(
      List<Member> successors, BooleanSupplier isDone, BooleanSupplier isFailed, Duration timeout) {
    // Any: the next try is for another, should this one be slow, or be drained itself.
    Member successor = successors.get(ThreadLocalRandom.current().nextInt(successors.size()));
    LOG.info("handing the leadership over: node={} to={}", self.node(), successor);
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      boolean _ = engine.awaitWrites(timeout.dividedBy(4));
      journal.transferLeadership(successor).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      while (!isDone.getAsBoolean()) {
        if (isFailed.getAsBoolean() || System.nanoTime() >= deadline) {
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      LOG.warn("the leadership was not handed over: {}", e.getMessage());
      return false;
    }
  }
}
