package io.weir.cli.operate;

import io.weir.cli.shell.Terminal;
import io.weir.client.WeirException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A request that a server answers when it has done something, with a look at how far it is. */
final class Waiting {

  private static final Duration LOOK = Duration.ofMillis(500);

  private final Terminal terminal;
  private final String threadName;

  private Waiting(Terminal terminal, String threadName) {
    this.terminal = terminal;
    this.threadName = threadName;
  }

  static Waiting on(Terminal terminal, String threadName) {
    return new Waiting(terminal, threadName);
  }

  /**
   * Returns the request's answer; shows meanwhile what there is to say.
   *
   * @param line asks a server too; that it fails matters to nobody
   */
  <T> T whileAsking(Callable<T> request, Supplier<String> line) throws InterruptedException {
    FutureTask<T> asking = new FutureTask<>(request);
    Thread.ofVirtual().name(threadName).start(asking);
    try (Progress progress = new Progress(terminal)) {
      while (true) {
        try {
          return asking.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          show(progress, line);
        } catch (ExecutionException e) {
          throw e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
        }
      }
    } finally {
      asking.cancel(true);
    }
  }

  private static void show(Progress progress, Supplier<String> line) {
    try {
      progress.show(line.get());
    } catch (WeirException e) {
      progress.show(String.valueOf(e.getMessage()));
    }
  }
}
