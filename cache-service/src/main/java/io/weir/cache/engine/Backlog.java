package io.weir.cache.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits in the queues of all stripes for a flush to take it; and the alarm that is rung when
 * that must not wait to grow old.
 *
 * <p>What is dirty and in no queue is not counted: it is in a flush, it settles, or the database
 * refuses it, and flushing more would not make it less.
 *
 * <p><b>Concurrency.</b> Changed under the lock of the stripe that it is changed for, read by any.
 */
final class Backlog {

  private final long manyBytes;
  private final long manyEntries;
  private final Alarm alarm = new Alarm();

  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong entries = new AtomicLong();

  /**
   * @param manyBytes above which the alarm is rung
   * @param manyEntries likewise
   */
  Backlog(long manyBytes, long manyEntries) {
    this.manyBytes = manyBytes;
    this.manyEntries = manyEntries;
  }

  /** An entry is queued. The first one gives the write-back a moment to wait for. */
  void queued(long weight) {
    long nowBytes = bytes.addAndGet(weight);
    long nowEntries = entries.incrementAndGet();
    if (nowEntries == 1 || nowBytes > manyBytes || nowEntries > manyEntries) {
      alarm.ring();
    }
  }

  /** A queued entry was written again. */
  void reweighed(long before, long weight) {
    if (weight != before && bytes.addAndGet(weight - before) > manyBytes) {
      alarm.ring();
    }
  }

  /** An entry has left its queue. */
  void left(long weight) {
    bytes.addAndGet(-weight);
    entries.decrementAndGet();
  }

  /** Eviction has come across a queued entry. */
  void parked() {
    alarm.ring();
  }

  long bytes() {
    return bytes.get();
  }

  long entries() {
    return entries.get();
  }

  long manyEntries() {
    return manyEntries;
  }

  Alarm alarm() {
    return alarm;
  }
}
