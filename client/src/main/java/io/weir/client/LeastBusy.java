package io.weir.client;

import io.weir.client.transport.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/**
 * How busy each server is, as seen from here, and the choice between several.
 *
 * <p>Two are taken at random, and the one with the lower product of requests in flight and recent
 * latency is chosen: nearly as good as knowing all, without everybody rushing to the same one. The
 * latency is a moving average. A server that was slow loses to each other one, and would not be
 * asked again: so one that was not chosen for a second is, once, and what it takes then stands for
 * its average. After each failure in a row that is twice as long, up to half a minute.
 *
 * <p><b>Concurrency.</b> Lock-free; an average that two threads move at once loses one of the two.
 *
 * @see <a href="https://www.eecs.harvard.edu/~michaelm/postscripts/tpds2001.pdf">Mitzenmacher, The
 *     Power of Two Choices in Randomized Load Balancing</a>
 */
public final class LeastBusy {

  /** Weight of the newest latency in the average. */
  private static final double NEWEST = 0.2;

  /** What a failure counts for. */
  private static final Duration FAILED = Duration.ofSeconds(1);

  /** After so long without a choice a server is chosen. */
  private static final Duration SHORTEST_REST = Duration.ofSeconds(1);

  private static final Duration LONGEST_REST = Duration.ofSeconds(32);

  private final ConcurrentHashMap<ServerAddress, Busyness> servers = new ConcurrentHashMap<>();
  private final IntUnaryOperator random;
  private final LongSupplier nanoClock;

  /**
   * @param random a number from 0 up to, and without, its argument
   * @param nanoClock as {@link System#nanoTime}
   */
  public LeastBusy(IntUnaryOperator random, LongSupplier nanoClock) {
    this.random = random;
    this.nanoClock = nanoClock;
  }

  /** How busy one server is. */
  public static final class Busyness {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong averageNanos = new AtomicLong();
    private final AtomicLong chosenAt;
    private volatile long restNanos = SHORTEST_REST.toNanos();

    /** Whether the average is of too long ago to count. */
    private volatile boolean isOld;

    private Busyness(long now) {
      chosenAt = new AtomicLong(now);
    }

    public void began() {
      inFlight.incrementAndGet();
    }

    public void answered(long nanos) {
      ended(nanos);
      restNanos = SHORTEST_REST.toNanos();
    }

    public void failed() {
      ended(FAILED.toNanos());
      restNanos = Math.min(2 * restNanos, LONGEST_REST.toNanos());
    }

    private void ended(long nanos) {
      inFlight.decrementAndGet();
      long average = averageNanos.get();
      boolean isFirst = average == 0 || isOld;
      isOld = false;
      averageNanos.set(isFirst ? nanos : (long) (average + NEWEST * (nanos - average)));
    }

    /** Whether this is the one request that finds out how the server is by now. */
    private boolean hasRested(long now) {
      long last = chosenAt.get();
      if (now - last < restNanos || !chosenAt.compareAndSet(last, now)) {
        return false;
      }
      isOld = true;
      return true;
    }

    private double cost() {
      return (inFlight.get() + 1.0) * Math.max(1, averageNanos.get());
    }
  }

  public Busyness of(ServerAddress server) {
    return servers.computeIfAbsent(server, address -> new Busyness(nanoClock.getAsLong()));
  }

  /** Chooses one of at least one server. */
  public ServerAddress choose(List<ServerAddress> servers) {
    int count = servers.size();
    if (count == 1) {
      return servers.getFirst();
    }
    int first = random.applyAsInt(count);
    int second = (first + 1 + random.applyAsInt(count - 1)) % count;
    ServerAddress one = servers.get(first);
    ServerAddress other = servers.get(second);
    Busyness ofOne = of(one);
    Busyness ofOther = of(other);
    long now = nanoClock.getAsLong();
    if (ofOne.hasRested(now)) {
      return one;
    }
    if (ofOther.hasRested(now)) {
      return other;
    }
    boolean isOne = ofOne.cost() <= ofOther.cost();
    (isOne ? ofOne : ofOther).chosenAt.set(now);
    return isOne ? one : other;
  }
}
