package io.weir.web;

import org.springframework.context.SmartLifecycle;

/**
 * Something that is done once, when the application stops, after what has a higher phase and before
 * what has a lower one.
 */
public final class StopPhase implements SmartLifecycle {

  private final int phase;
  private final Runnable stop;
  private volatile boolean running;

  /**
   * @param phase as in {@link SmartLifecycle#getPhase}
   */
  public StopPhase(int phase, Runnable stop) {
    this.phase = phase;
    this.stop = stop;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    stop.run();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return phase;
  }
}
