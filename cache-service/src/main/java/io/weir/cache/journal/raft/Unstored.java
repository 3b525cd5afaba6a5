package io.weir.cache.journal.raft;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;

/**
 * The batches that are applied, since the other members are a majority by themselves, and not on
 * this member's own disk yet: JRaft holds their entries in memory until they are.
 *
 * <p><b>Concurrency.</b> The applying thread adds, the log's takes out; both under one monitor.
 */
final class Unstored {

  private final LongConsumer stored;
  private final Deque<Applied> waiting = new ArrayDeque<>();
  private long lastStored;

  private record Applied(long index, int bytes) {}

  /**
   * @param stored told the bytes of what has come to the disk, under the monitor
   */
  Unstored(LongConsumer stored) {
    this.stored = stored;
  }

  /** A batch is applied; its bytes are told at once where it is on disk already. */
  synchronized void applied(long index, int bytes) {
    waiting.add(new Applied(index, bytes));
    takeOut();
  }

  /** The log on disk ends with an entry. */
  synchronized void stored(long index) {
    lastStored = index;
    takeOut();
  }

  /** The last entry of the log on disk. */
  synchronized long lastStored() {
    return lastStored;
  }

  private void takeOut() {
    Applied first;
    while ((first = waiting.peek()) != null && first.index() <= lastStored) {
      waiting.remove();
      stored.accept(first.bytes());
    }
  }
}
