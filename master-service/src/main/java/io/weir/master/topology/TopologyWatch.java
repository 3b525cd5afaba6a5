package io.weir.master.topology;

import io.weir.master.registry.Registry;
import io.weir.master.registry.RegistryState;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The requests that wait for a version of the topology which they do not know.
 *
 * <p><b>Concurrency.</b> A waiter is a future in a set, and holds no thread. One thread, {@code
 * topology-watch}, completes them all: as soon as this process learns of a change, and every poll
 * interval, when it asks the registry for changes by other masters (only while somebody waits) and
 * lets go those who have waited long enough. A waiter enters the set before it looks at the state
 * again, so no change falls between.
 *
 * <p><b>Failure.</b> While the registry does not answer, waiters wait on and then get the last
 * state known. A stop lets all go at once, before the web server stops.
 */
final class TopologyWatch implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(TopologyWatch.class);

  private record Waiter(long knownVersion, long deadline, CompletableFuture<RegistryState> answer) {

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  private final Registry registry;
  private final WatchSettings settings;
  private final LongSupplier nanoTime;
  private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("topology-watch").daemon().factory());
  private boolean failing;
  private volatile boolean running;

  TopologyWatch(Registry registry, WatchSettings settings, LongSupplier nanoTime) {
    this.registry = registry;
    this.settings = settings;
    this.nanoTime = nanoTime;
    registry.onChange(this::changed);
  }

  /**
   * Returns a future of the first state whose version is another than the known one, or of the
   * state at the end of the wait.
   *
   * @throws TooManyWaitersException when as many wait as may
   */
  CompletableFuture<RegistryState> await(long knownVersion, Duration wait) {
    Duration bounded = wait.compareTo(settings.maxWait()) > 0 ? settings.maxWait() : wait;
    if (!running || bounded.isZero()) {
      return CompletableFuture.completedFuture(registry.lastKnown());
    }
    if (count.incrementAndGet() > settings.maxWaiters()) {
      count.decrementAndGet();
      throw new TooManyWaitersException(settings.maxWaiters());
    }
    Waiter waiter =
        new Waiter(
            knownVersion, nanoTime.getAsLong() + bounded.toNanos(), new CompletableFuture<>());
    waiters.add(waiter);
    RegistryState now = registry.lastKnown();
    if (now.version() != knownVersion || !running) {
      release(waiter, now);
    }
    return waiter.answer();
  }

  /** Number of requests that wait. */
  int waiting() {
    return count.get();
  }

  private void changed(RegistryState state) {
    if (waiters.isEmpty()) {
      return;
    }
    try {
      executor.execute(() -> releaseWhere(state, false));
    } catch (RejectedExecutionException e) {
      log.debug("stopped; nobody waits any more");
    }
  }

  private void poll() {
    if (waiters.isEmpty()) {
      return;
    }
    RegistryState state = registry.lastKnown();
    try {
      state = registry.current();
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        failing = true;
        log.warn("The registry cannot be asked for changes: {}", e.getMessage());
      }
    }
    releaseWhere(state, false);
  }

  private void releaseWhere(RegistryState state, boolean all) {
    long now = nanoTime.getAsLong();
    for (Waiter waiter : waiters) {
      if (all || waiter.knownVersion() != state.version() || now - waiter.deadline() >= 0) {
        release(waiter, state);
      }
    }
  }

  private void release(Waiter waiter, RegistryState state) {
    if (waiters.remove(waiter)) {
      count.decrementAndGet();
      waiter.answer().complete(state);
    }
  }

  @Override
  public void start() {
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
