package io.weir.cache.fast;

import io.netty.channel.EventLoop;
import io.weir.cache.engine.Bulk;
import io.weir.cache.loop.TurnBuffer;
import io.weir.cache.loop.TurnEnd;
import io.weir.cache.loop.WayBack;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * An event loop, and what its connections share: the clock that they are timed by, the date that
 * answers bear, a buffer to read into and one for answers, and the way of outcomes from other
 * threads.
 *
 * <p><b>Concurrency.</b> Of the loop's own thread, but for {@link #push}, {@link #later} and {@link
 * #told}, which are as {@link WayBack} says.
 */
final class Loop implements Bulk {

  /** How exact the time-outs are. */
  private static final long TICK_MILLIS = 250;

  /** As many as a read takes at most. */
  private static final int INPUT_BYTES = 64 * 1024;

  /** More than is gathered before it is sent: {@code MOST_UNSENT} and one small answer. */
  private static final int OUTPUT_BYTES = 128 * 1024;

  /** More than most heads of requests have. */
  private static final int SCRATCH_BYTES = 2 * 1024;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final EventLoop loop;
  private final TurnEnd turnEnd;
  private final InstantSource clock;
  private final Set<Timed> connections = new HashSet<>();
  private final List<Flushed> unflushed = new ArrayList<>();
  private final WayBack outcomes;
  private final TurnBuffer input = new TurnBuffer(INPUT_BYTES);
  private final TurnBuffer output = new TurnBuffer(OUTPUT_BYTES);
  private final LoopReads reads = new LoopReads(input);
  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private byte[] date = {};
  private long dateSecond;
  private boolean draining;

  Loop(EventLoop loop, InstantSource clock) {
    this.loop = loop;
    turnEnd = new TurnEnd(loop);
    outcomes = new WayBack(loop, this::flushAll);
    this.clock = clock;
    var _ =
        loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** A connection that has something to send once the loop has done what it has at hand. */
  interface Flushed {
    void flush();
  }

  void add(Timed connection) {
    connections.add(connection);
    if (draining) {
      connection.drain();
    }
  }

  void remove(Timed connection) {
    connections.remove(connection);
  }

  private void tick() {
    long now = System.nanoTime();
    for (Timed each : List.copyOf(connections)) { // One that closes leaves the set.
      each.tick(now);
    }
  }

  void drain() {
    draining = true;
    List.copyOf(connections).forEach(Timed::drain);
  }

  /** Says what its connections read into. */
  LoopReads reads() {
    return reads;
  }

  /** The buffer that they mostly read into. */
  TurnBuffer input() {
    return input;
  }

  /** For the answers of a turn. */
  TurnBuffer output() {
    return output;
  }

  /** For who writes into it and reads it without anything else between. */
  byte[] scratch() {
    return scratch;
  }

  /** The value of {@code Date}, not to be changed. */
  byte[] date() {
    long second = clock.millis() / 1_000;
    if (second != dateSecond) {
      dateSecond = second;
      date = DATE.format(Instant.ofEpochSecond(second)).getBytes(StandardCharsets.US_ASCII);
    }
    return date;
  }

  /** Brings an outcome to the loop, after {@link #told}. */
  void push(WayBack.Returning outcome) {
    outcomes.push(outcome);
  }

  /** The same for a rare outcome, at the cost of one more object. */
  void later(Runnable outcome) {
    push(
        new WayBack.Returning() {
          @Override
          protected void back() {
            outcome.run();
          }
        });
  }

  /**
   * Has a connection flushed once all outcomes that came together are written. Of the loop's own
   * thread, whatever it is at: what is sent may be an outcome, too.
   */
  void flushLater(Flushed connection) {
    unflushed.add(connection);
    if (!outcomes.isTaking()) {
      outcomes.start();
    }
  }

  @Override
  public void told() {
    outcomes.told();
  }

  @Override
  public boolean atEndOfTurn(Runnable task) {
    return loop.inEventLoop() && turnEnd.add(task);
  }

  private void flushAll() {
    for (int i = 0; i < unflushed.size(); i++) { // A flush may end what more is written for.
      unflushed.get(i).flush();
    }
    unflushed.clear();
  }
}
