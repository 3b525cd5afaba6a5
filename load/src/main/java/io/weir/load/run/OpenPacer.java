package io.weir.load.run;

import io.netty.channel.EventLoop;
import io.weir.load.workload.Mix;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Operations begin when they are due, whatever the answers do; one for which no client is free
 * waits, and its response time counts from when it was due.
 *
 * <p>The queue of those that wait is the schedule itself, which is computed as it is taken off. It
 * is bounded in time: who has waited for as long as a request may take is given up, and counted as
 * {@link ErrorKind#OVERDUE}.
 */
final class OpenPacer implements Pacer {

  /** At the end, who has waited for longer than this was late; a healthy schedule never is. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final EventLoop loop;
  private final ArrivalSchedule schedule;
  private final LoopRecorder recorder;
  private final Stage stage;
  private final Mix mix;
  private final SplittableRandom random;
  private final long patienceNanos;
  private final double phase;
  private final ArrayDeque<LoadClient> idle = new ArrayDeque<>();
  private boolean armed;
  private boolean dispatching;
  private boolean over;

  OpenPacer(
      EventLoop loop,
      ArrivalSchedule schedule,
      double phase,
      LoopRecorder recorder,
      Stage stage,
      LoadPlan plan,
      SplittableRandom random) {
    this.loop = loop;
    this.schedule = schedule;
    this.phase = phase;
    this.recorder = recorder;
    this.stage = stage;
    this.mix = plan.workload().mix();
    this.random = random;
    this.patienceNanos = plan.requestTimeout().toNanos();
  }

  @Override
  public void start(List<LoadClient> clients) {
    long now = System.nanoTime();
    for (LoadClient each : clients) {
      each.idleSince = now;
      idle.add(each);
    }
    schedule.startAt(now, phase);
    dispatch();
  }

  @Override
  public void ended(LoadClient client, long pauseNanos) {
    client.idleSince = System.nanoTime();
    idle.add(client);
    dispatch();
  }

  @Override
  public void beat(long now) {
    if (stage.isOver()) {
      finish(now);
    } else {
      giveUp(now - patienceNanos);
    }
  }

  /**
   * Hands out what is due. Not re-entered: a client that fails at once comes back to the idle ones,
   * and the loop below finds it there.
   */
  private void dispatch() {
    if (dispatching) {
      return;
    }
    dispatching = true;
    long now = System.nanoTime();
    while (!stage.isOver() && !idle.isEmpty() && schedule.due() <= now) {
      LoadClient client = idle.remove();
      long due = schedule.take();
      if (now - due > patienceNanos) {
        recorder.failed(mix.at(random.nextDouble()), ErrorKind.OVERDUE);
        idle.addFirst(client);
      } else {
        recorder.late(now - Math.max(due, client.idleSince));
        client.begin(due);
        now = System.nanoTime();
      }
    }
    dispatching = false;
    if (stage.isOver()) {
      finish(now);
    } else if (!idle.isEmpty() && !armed) {
      armed = true;
      var _ = loop.schedule(this::due, schedule.due() - now, TimeUnit.NANOSECONDS);
    }
  }

  private void due() {
    armed = false;
    dispatch();
  }

  private void finish(long now) {
    if (!over) {
      over = true;
      if (now - schedule.due() > LATE_NANOS) {
        giveUp(now);
      }
    }
    while (!idle.isEmpty()) {
      idle.remove().rest();
    }
  }

  private void giveUp(long dueBefore) {
    while (schedule.due() <= dueBefore) {
      schedule.take();
      recorder.failed(mix.at(random.nextDouble()), ErrorKind.OVERDUE);
    }
  }
}
