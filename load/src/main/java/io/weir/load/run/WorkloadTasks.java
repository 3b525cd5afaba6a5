package io.weir.load.run;

import io.weir.load.verify.WriteLog;
import io.weir.load.workload.ClientShare;
import io.weir.load.workload.Insertions;
import io.weir.load.workload.KeyChooser;
import io.weir.load.workload.Mix;
import io.weir.load.workload.Operation;
import java.util.SplittableRandom;

/**
 * The operations of the workload, for ever.
 *
 * <p>A key has one writer at a time. Who is to write a key that another is writing, or that is to
 * be written no more, writes the one that is next to it in popularity.
 */
final class WorkloadTasks implements TaskSource {

  /** How many keys of its own a process tries before it reads instead of writing. */
  private static final int TRIES = 16;

  private final Mix mix;
  private final KeyChooser keys;
  private final Insertions insertions;
  private final WriteLog log;
  private final int tries;

  WorkloadTasks(LoadPlan plan, WriteLog log) {
    ClientShare share = plan.share();
    this.mix = plan.workload().mix();
    this.insertions = new Insertions(plan.keys(), share);
    this.keys = KeyChooser.of(plan.workload().popularity(), plan.keys(), insertions);
    this.log = log;
    this.tries = TRIES * share.of();
  }

  @Override
  public boolean next(Task task, SplittableRandom random) {
    Operation operation = mix.at(random.nextDouble());
    if (operation == Operation.INSERT && insert(task)) {
      return true;
    }
    int place = keys.place(random);
    if (operation.writes()) {
      boolean delete = operation == Operation.DELETE;
      for (int i = 0; i < tries; i++) {
        int key = keys.key(place + i);
        long sequence = log.begin(key, delete);
        if (sequence != 0) {
          task.set(operation == Operation.INSERT ? Operation.UPDATE : operation, key, sequence);
          return true;
        }
      }
    }
    task.set(Operation.READ, keys.key(place), 0);
    return true;
  }

  /** Takes the next new key; false when there is no more room for any. */
  private boolean insert(Task task) {
    int key = insertions.claim();
    if (key < 0) {
      return false;
    }
    long sequence = log.begin(key, false);
    if (sequence == 0) {
      insertions.end(key); // An earlier run with this log has left it open.
      return false;
    }
    task.set(Operation.INSERT, key, sequence);
    return true;
  }

  @Override
  public void ended(Task task, boolean rejected) {
    if (task.operation == Operation.INSERT) {
      insertions.end(task.key);
    }
  }
}
