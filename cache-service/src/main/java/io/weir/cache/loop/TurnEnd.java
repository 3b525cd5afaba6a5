package io.weir.cache.loop;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What an event loop does once it has done what it had at hand: the writes that came together are
 * proposed together, as one entry of the journal and one sync of its disk.
 *
 * <p><b>Concurrency.</b> Of the loop's own thread.
 */
public final class TurnEnd {

  private final Executor loop;
  private final Runnable end = this::run;
  private @Nullable Runnable due;

  /**
   * @param loop runs what it is given by its own thread behind all that it has at hand
   */
  public TurnEnd(Executor loop) {
    this.loop = loop;
  }

  /**
   * Runs a task at the end of the turn, once.
   *
   * @return false when it takes no more: another task is due, or the loop has ended
   */
  public boolean add(Runnable task) {
    if (due == null) {
      try {
        loop.execute(end);
      } catch (RejectedExecutionException e) {
        return false;
      }
      due = task;
    }
    return task.equals(due);
  }

  private void run() {
    Runnable task = due;
    due = null;
    if (task != null) {
      task.run();
    }
  }
}
