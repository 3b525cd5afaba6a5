package io.weir.cli.shell;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C does to work that ends with a report: it ends early, and the process is held until
 * the report is out.
 */
public final class StopHook implements AutoCloseable {

  private final Duration longest;
  private final CountDownLatch reported = new CountDownLatch(1);
  private final Thread hook;
  private volatile @Nullable Runnable stop;

  /**
   * Takes the signal over until this is closed, which is to be when the report is out.
   *
   * @param longest how long the process is held at most
   */
  public StopHook(String threadName, Duration longest) {
    this.longest = longest;
    this.hook = Thread.ofPlatform().name(threadName).unstarted(this::run);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Has work end early when a signal comes. */
  public void onSignal(Runnable endEarly) {
    stop = endEarly;
  }

  private void run() {
    Runnable endEarly = stop;
    if (endEarly == null) {
      return; // There is nothing to report yet.
    }
    endEarly.run();
    try {
      boolean _ = reported.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    reported.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is being stopped, and this was what the hook waited for.
    }
  }
}
