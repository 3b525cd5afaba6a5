package io.weir.cli.load;

import io.weir.cli.shell.Terminal;
import io.weir.load.verify.AuditProgress;
import java.io.PrintStream;
import java.time.Duration;

/**
 * The live line of an audit on standard error: rewritten where somebody watches, else a new line
 * every five seconds. Safe for any number of threads.
 */
final class AuditLine implements AuditProgress {

  private static final String ERASE = "\r\u001b[K";
  private static final Duration WATCHED = Duration.ofMillis(200);
  private static final Duration UNWATCHED = Duration.ofSeconds(5);

  private final PrintStream err;
  private final boolean interactive;
  private long printedAt = System.nanoTime();

  AuditLine(Terminal terminal) {
    this.err = terminal.err();
    this.interactive = terminal.interactive();
  }

  @Override
  public synchronized void progress(String text, boolean last) {
    long now = System.nanoTime();
    if (!last && now - printedAt < (interactive ? WATCHED : UNWATCHED).toNanos()) {
      return;
    }
    printedAt = now;
    if (interactive) {
      err.print(ERASE + text + (last ? System.lineSeparator() : ""));
    } else {
      err.println(text);
    }
    err.flush();
  }
}
