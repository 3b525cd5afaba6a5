package io.weir.load.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A span of a run in which all clients take what they do from one source. Over when it is ended, or
 * when the source has no more; complete when every client is at rest.
 */
final class Stage {

  private final TaskSource tasks;
  private final CountDownLatch busy;
  private volatile boolean over;

  Stage(TaskSource tasks, int clients) {
    this.tasks = tasks;
    this.busy = new CountDownLatch(clients);
  }

  TaskSource tasks() {
    return tasks;
  }

  /** Lets no more operations begin. */
  void end() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  /** A client is at rest, and will not begin again in this stage. */
  void rested() {
    busy.countDown();
  }

  boolean isComplete() {
    return busy.getCount() == 0;
  }

  boolean await(long millis) throws InterruptedException {
    return busy.await(millis, TimeUnit.MILLISECONDS);
  }
}
