package io.weir.cache.journal.raft;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends a member whose work stands still, so that its callers do not wait for ever on a server that
 * looks healthy: a disk that answers nothing is no error to whoever waits for it, and JRaft logs
 * and forgets what its own threads throw.
 *
 * <p>Each look that finds the same step under way as the one before counts. Looks are counted, and
 * not time: a process that was stopped, with all its threads, has stood still for one look.
 *
 * <p><b>Failure.</b> A look that fails ends the member too: nothing would look again.
 *
 * <p><b>Concurrency.</b> Looks from a thread of its own, at what never waits.
 */
final class Watchdog implements AutoCloseable {

  /** Looks at the same step until it counts as lost; as many election timeouts, when started. */
  static final int PATIENCE = 10;

  private final FailStop failStop;
  private final List<Watched> all;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-raft-watch").factory());

  /** One thing that may stand still. */
  static final class Watched {
    private final String sentence;
    private final LongSupplier step;
    private long last = Steps.NONE;
    private int looks;

    /**
     * @param sentence what is wrong when it does
     * @param step that is under way, or {@link Steps#NONE}; never waits
     */
    Watched(String sentence, LongSupplier step) {
      this.sentence = sentence;
      this.step = step;
    }

    private boolean standsStill() {
      long now = step.getAsLong();
      looks = now != Steps.NONE && now == last ? looks + 1 : 0;
      last = now;
      return looks >= PATIENCE;
    }
  }

  Watchdog(FailStop failStop, List<Watched> all) {
    this.failStop = failStop;
    this.all = List.copyOf(all);
  }

  void start(Duration period) {
    var _ =
        looks.scheduleWithFixedDelay(
            this::look, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Looks once. Package-private so that a test can take the clock's place. */
  void look() {
    try {
      for (Watched watched : all) {
        if (watched.standsStill()) {
          failStop.trip(watched.sentence, null);
        }
      }
    } catch (RuntimeException | Error e) {
      failStop.trip("could not tell whether the journal's work stands still", e);
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
