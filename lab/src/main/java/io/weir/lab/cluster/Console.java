package io.weir.lab.cluster;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster on this machine says: results on standard output, everything else on standard
 * error.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads; an event that comes while a step is open
 * stands on a line of its own.
 */
public final class Console {

  private static final String ERASE = "\r\u001b[K";
  private static final Duration WATCHED = Duration.ofMillis(200);
  private static final Duration UNWATCHED = Duration.ofSeconds(5);

  private final PrintStream out;
  private final PrintStream err;
  private final boolean interactive;
  private @Nullable Step open;
  private long progressAt;

  /**
   * @param interactive whether somebody watches: lines about progress are then rewritten
   */
  public Console(PrintStream out, PrintStream err, boolean interactive) {
    this.out = out;
    this.err = err;
    this.interactive = interactive;
    this.progressAt = System.nanoTime();
  }

  /** Something that takes a while: its name at once, how long it took at the end, in one line. */
  public final class Step implements AutoCloseable {

    private final String what;
    private final long startedAt = System.nanoTime();
    private boolean done;

    private Step(String what) {
      this.what = what;
    }

    /** It has succeeded. Else {@link #close} ends the line without a time. */
    public void done() {
      synchronized (Console.this) {
        done = true;
        String time = String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - startedAt) / 1e9);
        err.println(open == this ? " " + time : what + " … " + time);
        err.flush();
        open = null;
      }
    }

    @Override
    public void close() {
      synchronized (Console.this) {
        if (!done) {
          endOpenLine();
        }
      }
    }
  }

  /** Begins a step; no other may be open. */
  public synchronized Step step(String what) {
    Step step = new Step(what);
    err.print(what + " …");
    err.flush();
    open = step;
    return step;
  }

  /** A line about something that has happened. */
  public synchronized void event(String text) {
    endOpenLine();
    err.println(interactive ? ERASE + text : text);
    err.flush();
  }

  /**
   * How something is getting on: rewritten where somebody watches, else a line every five seconds.
   *
   * @param last whether it is done; this is always printed
   */
  public synchronized void progress(String text, boolean last) {
    long now = System.nanoTime();
    Duration every = interactive ? WATCHED : UNWATCHED;
    if (!last && now - progressAt < every.toNanos()) {
      return;
    }
    progressAt = now;
    if (interactive) {
      err.print(ERASE + text + (last ? System.lineSeparator() : ""));
    } else {
      err.println(text);
    }
    err.flush();
  }

  /** A result. */
  public synchronized void result(String text) {
    endOpenLine();
    out.println(text);
    out.flush();
  }

  private void endOpenLine() {
    if (open != null) {
      err.println();
      open = null;
    }
  }
}
