package io.weir.load.run;

import io.weir.load.verify.WriteLog;
import io.weir.load.workload.ClientShare;
import io.weir.load.workload.Operation;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Inserts every key of this process's share once. What was refused is tried again, since the keys
 * are to be there; what may have arrived is not.
 */
final class FillTasks implements TaskSource {

  private final WriteLog log;
  private final ClientShare share;
  private final int total;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final Queue<Integer> refused = new ConcurrentLinkedQueue<>();

  FillTasks(WriteLog log) {
    this.log = log;
    this.share = log.share();
    this.total = (log.keys().count() - share.index() + share.of() - 1) / share.of();
  }

  @Override
  public boolean next(Task task, SplittableRandom random) {
    while (true) {
      Integer key = take();
      if (key == null) {
        return false;
      }
      long sequence = log.begin(key, false);
      if (sequence != 0) {
        task.set(Operation.INSERT, key, sequence);
        return true;
      }
      done.incrementAndGet(); // An earlier run with this log has left it open.
    }
  }

  private @Nullable Integer take() {
    Integer again = refused.poll();
    if (again != null) {
      return again;
    }
    int place = next.get();
    while (place < total && !next.compareAndSet(place, place + 1)) {
      place = next.get();
    }
    return place < total ? (Integer) (share.index() + place * share.of()) : null;
  }

  @Override
  public void ended(Task task, boolean rejected) {
    if (rejected) {
      refused.add(task.key);
    } else {
      done.incrementAndGet();
    }
  }

  /** Number of keys that are inserted. */
  int done() {
    return done.get();
  }

  /** Number of keys that are left. */
  int left() {
    return total - done.get();
  }
}
