package io.weir.lab.cluster;

import io.weir.model.Signals;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C, SIGTERM and the end of the terminal do: the first asks for the orderly stop, a
 * further one for the end at once.
 */
public final class StopSignals {

  private static final int SIGNALLED = 128;

  private final Runnable stop;
  private final Runnable endAtOnce;
  private @Nullable Integer received;

  /**
   * @param endAtOnce does not return
   */
  public StopSignals(Runnable stop, Runnable endAtOnce) {
    this.stop = stop;
    this.endAtOnce = endAtOnce;
  }

  public void install() {
    Signals.handle("INT", () -> received(2));
    Signals.handle("TERM", () -> received(15));
    Signals.handle("HUP", () -> received(1));
  }

  /** The customary exit status after a signal; null when none has come. */
  public synchronized @Nullable Integer exitStatus() {
    return received == null ? null : SIGNALLED + received;
  }

  private void received(int number) {
    boolean first;
    synchronized (this) {
      first = received == null;
      if (first) {
        received = number;
      }
    }
    if (first) {
      stop.run();
    } else {
      endAtOnce.run();
    }
  }
}
