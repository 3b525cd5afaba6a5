package io.weir.load.run;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client begins as soon as its last operation has ended, or after a time to think. */
final class ClosedPacer implements Pacer {

  private final EventLoop loop;
  private final Stage stage;
  private final long thinkNanos;
  private List<LoadClient> clients = List.of();

  ClosedPacer(EventLoop loop, Stage stage, Pace.Closed pace) {
    this.loop = loop;
    this.stage = stage;
    this.thinkNanos = pace.thinkTime().toNanos();
  }

  @Override
  public void start(List<LoadClient> all) {
    clients = all;
    for (LoadClient each : all) {
      each.begin(System.nanoTime());
    }
  }

  @Override
  public void ended(LoadClient client, long pauseNanos) {
    long wait = Math.max(pauseNanos, thinkNanos);
    if (wait == 0) {
      client.begin(System.nanoTime());
    } else {
      client.waiting = true;
      var _ = loop.schedule(() -> goOn(client), wait, TimeUnit.NANOSECONDS);
    }
  }

  private void goOn(LoadClient client) {
    if (client.waiting && client.isIn(stage)) {
      client.waiting = false;
      client.begin(System.nanoTime());
    }
  }

  /** Who waits when the stage ends need not wake up for that. */
  @Override
  public void beat(long now) {
    if (stage.isOver()) {
      for (LoadClient each : clients) {
        if (each.waiting && each.isIn(stage)) {
          each.waiting = false;
          each.rest();
        }
      }
    }
  }
}
