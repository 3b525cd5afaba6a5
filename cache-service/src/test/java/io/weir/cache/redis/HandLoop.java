package io.weir.cache.redis;

import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.Future;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An event loop that runs when it is told to, by whichever thread. */
final class HandLoop extends AbstractEventExecutor {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread thread;

  /** From here on the caller is the loop's thread, until it leaves. */
  void enter() {
    thread = Thread.currentThread();
  }

  void leave() {
    thread = null;
  }

  /** Whether it has been given nothing to do. */
  boolean isIdle() {
    return tasks.isEmpty();
  }

  void runAll() {
    for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
      next.run();
    }
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean inEventLoop(Thread asked) {
    return asked == thread;
  }

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return terminationFuture();
  }

  @Override
  public Future<?> terminationFuture() {
    return newSucceededFuture(null);
  }

  @Override
  @Deprecated
  public void shutdown() {}

  @Override
  public boolean isShuttingDown() {
    return false;
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
