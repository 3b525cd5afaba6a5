package io.weir.cache.membership;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A scheduler that runs its one task when the test says so. */
final class ManualScheduler extends ScheduledThreadPoolExecutor {

  private @Nullable Runnable task;

  /** What the last task was to wait for. */
  long delayMillis = -1;

  ManualScheduler() {
    super(1);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    if (isShutdown()) {
      throw new RejectedExecutionException();
    }
    task = command;
    delayMillis = unit.toMillis(delay);
    // Never due: only its handle is wanted.
    return super.schedule(() -> {}, 1, TimeUnit.DAYS);
  }

  boolean hasTask() {
    return task != null;
  }

  void runTask() {
    Runnable due = task;
    task = null;
    if (due == null) {
      throw new AssertionError("nothing is scheduled");
    }
    due.run();
  }
}
