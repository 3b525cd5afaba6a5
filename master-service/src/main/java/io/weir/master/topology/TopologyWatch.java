package io.weir.master.topology;

import io.weir.master.registry.Registry;
import io.weir.master.registry.RegistryState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The requests that wait for a version of the topology which they do not know.
 *
 * <p><b>Concurrency.</b> A waiter is a future in a map, and holds no thread. One thread, {@code
 * topology-watch}, completes them all: as soon as this process learns of a change, and every poll
 * interval, when it asks the registry for changes by other masters (only while somebody waits) and
 * lets go those who have waited long enough. A waiter enters the map before it looks at the state
 * again, so no change falls between.
 *
 * <p><b>Ordering.</b> Waiters are told a state, and then no other before the least interval is
 * over: what changes meanwhile is told with the last change. A waiter knows the state that was told
 * last, or the newest; anybody else has no reason to wait.
 *
 * <p><b>Failure.</b> While the registry does not answer, waiters wait on and then get the last
 * state known. A client that has gone is not noticed before its wait ends, so where no more may
 * wait, who has waited longest is let go. A stop lets all go at once, before the web server stops.
 */
final class TopologyWatch implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(TopologyWatch.class);

  /** Whoever has waited for less is not let go for another. */
  private static final long LEAST_WAIT = TimeUnit.SECONDS.toNanos(1);

  private record Waiter(
      long number,
      long knownVersion,
      long since,
      long deadline,
      CompletableFuture<RegistryState> answer) {}

  private final Registry registry;
  private final WatchSettings settings;
  private final int most;
  private final LongSupplier nanoTime;

  /** By the number of their arrival. */
  private final ConcurrentNavigableMap<Long, Waiter> waiters = new ConcurrentSkipListMap<>();

  private final AtomicLong arrivals = new AtomicLong();
  private final AtomicInteger count = new AtomicInteger();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("topology-watch").daemon().factory());

  /** What waiters were told last. Written by the watch's thread alone, the start excepted. */
  private volatile RegistryState told;

  // Only the watch's thread touches these.
  private long toldAt;
  private boolean telling;
  private boolean failing;

  private volatile boolean running;

  /**
   * @param heap bytes that the heap may grow to
   */
  TopologyWatch(Registry registry, WatchSettings settings, long heap, LongSupplier nanoTime) {
    this.registry = registry;
    this.settings = settings;
    this.most = settings.waitersWithin(heap);
    this.nanoTime = nanoTime;
    this.told = registry.lastKnown();
    this.toldAt = nanoTime.getAsLong() - settings.minInterval().toNanos();
    registry.onChange(this::changed);
  }

  /** The version that waiters were told last. */
  long toldVersion() {
    return told.version();
  }

  /**
   * Returns a future of the first state that is told whose version is another than the known one,
   * or of the state at the end of the wait.
   *
   * @param knownVersion the one that was told last, or the newest
   * @throws TooManyWaitersException when as many wait as may, and none has waited for long
   */
  CompletableFuture<RegistryState> await(long knownVersion, Duration wait) {
    Duration bounded = wait.compareTo(settings.maxWait()) > 0 ? settings.maxWait() : wait;
    if (!running || bounded.isZero()) {
      return CompletableFuture.completedFuture(registry.lastKnown());
    }
    long now = nanoTime.getAsLong();
    if (count.incrementAndGet() > most && !letOldestGo(now)) {
      count.decrementAndGet();
      throw new TooManyWaitersException(most);
    }
    Waiter waiter =
        new Waiter(
            arrivals.incrementAndGet(),
            knownVersion,
            now,
            now + bounded.toNanos(),
            new CompletableFuture<>());
    waiters.put(waiter.number(), waiter);
    RegistryState last = told;
    boolean newest = registry.lastKnown().version() == knownVersion;
    if ((last.version() != knownVersion && !newest) || !running) {
      release(waiter, registry.lastKnown());
    }
    return waiter.answer();
  }

  private boolean letOldestGo(long now) {
    Map.Entry<Long, Waiter> oldest = waiters.firstEntry();
    return oldest != null
        && now - oldest.getValue().since() >= LEAST_WAIT
        && release(oldest.getValue(), registry.lastKnown());
  }

  /** Number of requests that wait. */
  int waiting() {
    return count.get();
  }

  private void changed(RegistryState state) {
    try {
      executor.execute(this::tell);
    } catch (RejectedExecutionException e) {
      log.debug("stopped; nobody waits any more");
    }
  }

  /** Tells the newest state, now or when the interval since the last one is over. */
  private void tell() {
    long now = nanoTime.getAsLong();
    long left = toldAt + settings.minInterval().toNanos() - now;
    if (left > 0) {
      if (!telling) {
        telling = true;
        var _ = executor.schedule(this::tellLate, left, TimeUnit.NANOSECONDS);
      }
      return;
    }
    RegistryState newest = registry.lastKnown();
    told = newest;
    toldAt = now;
    releaseWhere(newest, false);
  }

  private void tellLate() {
    telling = false;
    tell();
  }

  private void poll() {
    if (waiters.isEmpty()) {
      return;
    }
    try {
      var _ = registry.current();
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        failing = true;
        log.warn("The registry cannot be asked for changes: {}", e.getMessage());
      }
    }
    if (told.version() != registry.lastKnown().version()) {
      tell();
    }
    releaseWhere(told, false);
  }

  private void releaseWhere(RegistryState state, boolean all) {
    long now = nanoTime.getAsLong();
    RegistryState newest = registry.lastKnown();
    for (Waiter waiter : waiters.values()) {
      boolean hasNews =
          waiter.knownVersion() != state.version() && waiter.knownVersion() != newest.version();
      if (all || hasNews || now - waiter.deadline() >= 0) {
        release(waiter, newest);
      }
    }
  }

  private boolean release(Waiter waiter, RegistryState state) {
    if (!waiters.remove(waiter.number(), waiter)) {
      return false;
    }
    count.decrementAndGet();
    waiter.answer().complete(state);
    return true;
  }

  @Override
  public void start() {
    told = registry.lastKnown();
    running = true;
    long interval = settings.pollInterval().toMillis();
    var _ = executor.scheduleWithFixedDelay(this::poll, interval, interval, TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    running = false;
    releaseWhere(registry.lastKnown(), true);
    executor.shutdown();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** The last to start and the first to stop: before the web server waits for its requests. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
