package io.weir.cli.operate;

import io.weir.cli.shell.Terminal;
import java.io.PrintStream;
import java.time.Duration;

/**
 * The line on standard error that tells how far something is: rewritten where somebody watches,
 * else a new one every five seconds. Used by one thread at a time.
 */
final class Progress implements AutoCloseable {

  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration EVERY_INTERACTIVE = Duration.ofMillis(200);
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream err;
  private final boolean interactive;
  private long shownAt = System.nanoTime();
  private boolean open;

  Progress(Terminal terminal) {
    this.err = terminal.err();
    this.interactive = terminal.interactive();
  }

  /** Shows a line, unless the last one is too young. */
  synchronized void show(String line) {
    long now = System.nanoTime();
    if (now - shownAt < (interactive ? EVERY_INTERACTIVE : EVERY).toNanos()) {
      return;
    }
    shownAt = now;
    if (interactive) {
      err.print(ERASE + line);
      err.flush();
      open = true;
    } else {
      err.println(line);
    }
  }

  /** Takes the line away, so that something else can be said. */
  @Override
  public synchronized void close() {
    if (open) {
      err.print(ERASE);
      err.flush();
      open = false;
    }
  }
}
