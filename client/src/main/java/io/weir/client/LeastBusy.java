package io.weir.client;

import io.weir.client.transport.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;

/**
 * How busy each server is, as seen from here, and the choice between several.
 *
 * <p>Two are taken at random, and the one with the lower product of requests in flight and recent
 * latency is chosen: nearly as good as knowing all, without everybody rushing to the same one. The
 * latency is a moving average, so that a server that was slow is found out when it has recovered,
 * which being asked by chance makes sure of.
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

  private final ConcurrentHashMap<ServerAddress, Busyness> servers = new ConcurrentHashMap<>();
  private final IntUnaryOperator random;

  /**
   * @param random a number from 0 up to, and without, its argument
   */
  public LeastBusy(IntUnaryOperator random) {
    this.random = random;
  }

  /** How busy one server is. */
  public static final class Busyness {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong averageNanos = new AtomicLong();

    private Busyness() {}

    public void began() {
      inFlight.incrementAndGet();
    }

    public void answered(long nanos) {
      inFlight.decrementAndGet();
      long average = averageNanos.get();
      averageNanos.set(average == 0 ? nanos : (long) (average + NEWEST * (nanos - average)));
    }

    public void failed() {
      answered(FAILED.toNanos());
    }

    private double cost() {
      return (inFlight.get() + 1.0) * Math.max(1, averageNanos.get());
    }
  }

  public Busyness of(ServerAddress server) {
    return servers.computeIfAbsent(server, address -> new Busyness());
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
    return of(one).cost() <= of(other).cost() ? one : other;
  }
}
