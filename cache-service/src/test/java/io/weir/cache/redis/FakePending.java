package io.weir.cache.redis;

import io.weir.cache.engine.Bulk;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** One command's reply. What would leave the event loop runs at once, in a virtual thread. */
final class FakePending implements Pending {

  private @Nullable Reply reply;
  private @Nullable RuntimeException failure;
  private boolean offLoop;
  private boolean told;

  @Override
  public synchronized void reply(Reply given) {
    if (reply != null) {
      throw new IllegalStateException("two replies: " + reply + " and " + given);
    }
    reply = given;
  }

  @Override
  public void fail(RuntimeException why) {
    failure = why;
    Pending.super.fail(why);
  }

  @Override
  public Bulk bulk() {
    return () -> told = true;
  }

  @Override
  public void offLoop(Runnable waiting) {
    offLoop = true;
    FutureTask<@Nullable Void> task = new FutureTask<>(waiting, null);
    Thread.ofVirtual().start(task);
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("what runs off the loop replies what fails", e.getCause());
    }
  }

  /** What was replied; of another thread it has come to the loop, too. */
  synchronized Reply reply() {
    if (reply == null || (offLoop && !told)) {
      throw new IllegalStateException("no reply");
    }
    return reply;
  }

  /** Whether it needed a virtual thread. */
  boolean hasLeftTheLoop() {
    return offLoop;
  }

  @Nullable RuntimeException failure() {
    return failure;
  }
}
