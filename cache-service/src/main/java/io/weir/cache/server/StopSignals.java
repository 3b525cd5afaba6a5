package io.weir.cache.server;

import io.weir.model.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What SIGTERM and SIGINT do: the first stops the server in order, the second says what is lost by
 * not waiting, and ends the process.
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

  private void handle(String name) {
    try {
      Signals.handle(name, () -> received(name));
    } catch (IllegalStateException e) {
      LOG.warn(
          "SIG{} ends this process without writing back what is dirty: {}",
          name,
          String.valueOf(e.getCause()));
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
