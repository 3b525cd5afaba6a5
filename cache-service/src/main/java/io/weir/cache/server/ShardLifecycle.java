package io.weir.cache.server;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;

/**
 * When the shard server starts and stops: it joins the cluster once the HTTP port is open, and
 * drains once that port is closed and its last requests are answered.
 */
final class ShardLifecycle implements SmartLifecycle {

  private final ShardServer server;
  private volatile boolean running;

  ShardLifecycle(ShardServer server) {
    this.server = server;
  }

  @EventListener(ApplicationReadyEvent.class)
  void ready() {
    server.start();
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    server.stop();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Below the web server's phases: those stop first. */
  @Override
  public int getPhase() {
    return 0;
  }
}
