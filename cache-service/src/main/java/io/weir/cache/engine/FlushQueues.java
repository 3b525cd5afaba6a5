package io.weir.cache.engine;

import io.weir.cache.kv.Write;
import io.weir.model.Shown;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a stripe that wait for a flush, and which of them one takes.
 *
 * <p><b>Age.</b> Both queues have the entry first that has been dirty for longest. Where room is to
 * be made, and age does not matter, an entry that was written again since it was queued gets a
 * second chance: a flush comes across it at the head of the one queue, and moves it into the other,
 * which it takes from when the first is empty. So a key that is written all the time is not flushed
 * all the time, and a write costs no more than a flag.
 *
 * <p><b>Eviction.</b> What it has come across is parked, and every flush takes that first.
 *
 * <p><b>Invariant.</b> A queued entry is dirty, and in one of the two queues. A parked one is
 * queued. The {@link Backlog} counts what is queued, by the bytes that it is charged for.
 *
 * <p><b>Concurrency.</b> Guarded by the stripe's lock, as its {@link DirtyLedger} is.
 */
final class FlushQueues {

  private final Backlog backlog;
  private final DirtyQueue queue = new DirtyQueue();

  /** What was found written again and again. */
  private final DirtyQueue hot = new DirtyQueue();

  /** Queued entries that eviction came across and could not take. */
  private final RecencyList parked = new RecencyList();

  FlushQueues(Backlog backlog) {
    this.backlog = backlog;
  }

  /** Queues what has just become dirty. */
  void add(Dirt dirt) {
    queue.addLast(dirt);
    backlog.queued(dirt.reservedBytes);
  }

  /** Queues what was in a flush: at its age, and parked if it is in no list of its stripe's. */
  void bringBack(Dirt dirt) {
    queue.addByAge(dirt);
    backlog.queued(dirt.reservedBytes);
    if (dirt.entry.list == null) {
      parked.addByUse(dirt.entry);
    }
  }

  /** Notes that a queued entry was written again, and what it was charged before. */
  void writtenAgain(Dirt dirt, long bytesBefore) {
    dirt.writtenAgain = true;
    backlog.reweighed(bytesBefore, dirt.reservedBytes);
  }

  /** Parks a queued entry, which is in no list. */
  void park(Entry entry) {
    parked.addByUse(entry);
    backlog.parked();
  }

  /** Removes a queued entry. */
  void remove(Dirt dirt) {
    (dirt.hot ? hot : queue).remove(dirt);
    dirt.hot = false;
    dirt.writtenAgain = false;
    if (dirt.entry.list == parked) {
      parked.remove(dirt.entry);
    }
    backlog.left(dirt.reservedBytes);
  }

  /** Since when the oldest of them is dirty; {@code Long.MAX_VALUE} for none. */
  long oldestNanos() {
    Dirt oldest = oldest();
    return oldest == null ? Long.MAX_VALUE : oldest.sinceNanos;
  }

  /** Whether some are parked. */
  boolean hasParked() {
    return parked.coldest() != null;
  }

  /** Takes into a flush what eviction waits for. */
  void takeParked(Batch batch) {
    for (Entry entry = parked.coldest();
        entry != null && fits(entry, batch);
        entry = parked.coldest()) {
      take(entry, batch);
    }
  }

  /** Takes what became dirty at a time of the ticker, or before; the oldest first. */
  void takeOld(Batch batch, long dirtySinceNanos) {
    for (Dirt dirt = oldest();
        dirt != null && dirt.sinceNanos <= dirtySinceNanos && fits(dirt.entry, batch);
        dirt = oldest()) {
      take(dirt.entry, batch);
    }
  }

  /** Takes what was not written again since it was queued, the oldest first. */
  void takeWrittenOnce(Batch batch) {
    for (Dirt dirt = queue.peek(); dirt != null; dirt = queue.peek()) {
      if (dirt.writtenAgain) {
        queue.remove(dirt);
        dirt.hot = true;
        hot.addByAge(dirt);
      } else if (fits(dirt.entry, batch)) {
        take(dirt.entry, batch);
      } else {
        return;
      }
    }
  }

  /** Takes what {@link #takeWrittenOnce} has passed over, the oldest first. */
  void takeHot(Batch batch) {
    for (Dirt dirt = hot.peek(); dirt != null && fits(dirt.entry, batch); dirt = hot.peek()) {
      take(dirt.entry, batch);
    }
  }

  /**
   * Takes those that eviction comes to next.
   *
   * @param recency where they stand, among clean ones; a list of the stripe's order
   * @param maxLooks at how many entries to look
   */
  void takeColdest(Batch batch, RecencyList recency, int maxLooks) {
    Entry entry = recency.coldest();
    for (int looks = 0; entry != null && looks < maxLooks; looks++) {
      if (isFree(entry)) {
        if (!fits(entry, batch)) {
          return;
        }
        take(entry, batch);
      }
      entry = entry.hotter;
    }
  }

  private @Nullable Dirt oldest() {
    Dirt one = queue.peek();
    Dirt other = hot.peek();
    return other == null || (one != null && one.sinceNanos <= other.sinceNanos) ? one : other;
  }

  private static boolean fits(Entry entry, Batch batch) {
    return !isFlushing(entry) && batch.hasRoomFor(entry);
  }

  /**
   * Whether a flush carries a version of the entry. It is this one, since there is one at a time:
   * the entry was written again while its batch was collected, and waits for the next, as whatever
   * stands behind it does.
   */
  private static boolean isFlushing(Entry entry) {
    return entry.dirt != null && entry.dirt.flushingVersion != 0;
  }

  /** Whether an entry is queued, and in no flush. */
  static boolean isFree(Entry entry) {
    return entry.dirt != null && entry.dirt.queued && !isFlushing(entry);
  }

  /** Takes a queued entry into a flush. */
  void take(Entry entry, Batch batch) {
    Dirt dirt = entry.dirt;
    if (dirt == null) {
      throw new IllegalStateException("a queued entry is clean: " + Shown.of(entry.key()));
    }
    remove(dirt);
    batch.add(startFlush(dirt), entry.weight());
  }

  /** From here on a flush carries the entry. */
  static Write startFlush(Dirt dirt) {
    dirt.flushingVersion = dirt.entry.version;
    dirt.flushingSinceNanos = dirt.sinceNanos;
    return dirt.entry.write();
  }
}
