package io.weir.lab.sweep;

import io.weir.client.CacheStatus;
import io.weir.load.run.AnswerListener;

/**
 * Has an exact LRU see the requests of a load in the order of their answers, and counts what either
 * hits. Safe for any number of threads.
 */
final class LruMeter implements AnswerListener {

  private final ExactLru lru; // Guarded by this, as all is.
  private long answers;
  private long reads;
  private long hits;
  private long lruHits;

  /**
   * What was counted.
   *
   * @param answers reads and writes that succeeded
   * @param reads of which it is known whether they were hits
   * @param hits of them, by the servers' account
   * @param lruHits of them, of the exact LRU
   */
  record Count(long answers, long reads, long hits, long lruHits) {

    Count since(Count earlier) {
      return new Count(
          answers - earlier.answers,
          reads - earlier.reads,
          hits - earlier.hits,
          lruHits - earlier.lruHits);
    }

    double hitRatio() {
      return reads == 0 ? 0 : (double) hits / reads;
    }

    double lruHitRatio() {
      return reads == 0 ? 0 : (double) lruHits / reads;
    }
  }

  /**
   * @param lru in the state that the servers' caches are in
   */
  LruMeter(ExactLru lru) {
    this.lru = lru;
  }

  @Override
  public synchronized void read(int key, CacheStatus status) {
    boolean there = lru.use(key);
    answers++;
    if (status != CacheStatus.UNKNOWN) {
      reads++;
      hits += status == CacheStatus.HIT ? 1 : 0;
      lruHits += there ? 1 : 0;
    }
  }

  @Override
  public synchronized void wrote(int key) {
    var _ = lru.use(key);
    answers++;
  }

  synchronized Count count() {
    return new Count(answers, reads, hits, lruHits);
  }
}
