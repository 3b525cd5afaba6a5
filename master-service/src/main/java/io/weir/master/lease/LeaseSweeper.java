package io.weir.master.lease;

import io.weir.master.registry.Overdue;
import io.weir.master.registry.Registry;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The sweep, in each master at its own pace, that lists nodes as down whose lease has run out.
 *
 * <p>After a time in which this master could not see the registry (its own start, a database that
 * was away) leases have run out because nobody could renew them. It then waits for one lease before
 * it judges, so that the nodes can make themselves heard first. So it does when the leases of many
 * nodes have run out together, which their nodes' failing at once explains less well than a master
 * that hung, or a step of the database's clock.
 *
 * <p><b>Concurrency.</b> One thread, {@code lease-sweeper}. Any number of masters may sweep one
 * registry.
 */
final class LeaseSweeper implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(LeaseSweeper.class);

  private final Registry registry;
  private final long leaseNanos;
  private final long intervalNanos;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("lease-sweeper").daemon().factory());

  /** When the registry answered last. Written by the sweeper's thread alone. */
  private volatile long lastSeen;

  // Only the sweeper's thread touches these.
  private long quietUntil;
  private boolean failing;

  /** Since when many nodes are overdue, without a break; null while they are not. */
  private @Nullable Long manySince;

  private volatile boolean running;

  LeaseSweeper(Registry registry, Duration lease, Duration interval, LongSupplier nanoTime) {
    this.registry = registry;
    this.leaseNanos = lease.toNanos();
    this.intervalNanos = interval.toNanos();
    this.nanoTime = nanoTime;
    this.lastSeen = nanoTime.getAsLong();
    this.quietUntil = lastSeen + leaseNanos;
  }

  /** How long ago the registry database answered. */
  long unseenNanos() {
    return Math.max(0, nanoTime.getAsLong() - lastSeen);
  }

  /** Looks once; never throws. */
  void sweep() {
    try {
      registry.current();
      long now = nanoTime.getAsLong();
      if (now - lastSeen > leaseNanos / 2 + intervalNanos) {
        quietUntil = now + leaseNanos;
      }
      lastSeen = now;
      if (now - quietUntil >= 0 && mayJudge(registry.overdue(), now)) {
        registry.sweep();
      }
      if (failing) {
        failing = false;
        log.info("The registry database answers again");
      }
    } catch (RuntimeException e) {
      if (!failing) {
        failing = true;
        log.warn("Leases cannot be checked: {}", e.getMessage());
      }
    }
  }

  private boolean mayJudge(Overdue overdue, long now) {
    if (!overdue.isMany()) {
      manySince = null;
      return overdue.silent() > 0;
    }
    if (manySince == null) {
      manySince = now;
      log.warn(
          "{} of {} nodes fell silent together; they are listed as down if they stay so for a lease",
          overdue.silent(),
          overdue.listed());
    }
    return now - manySince >= leaseNanos;
  }

  @Override
  public void start() {
    running = true;
    var _ =
        executor.scheduleWithFixedDelay(
            this::sweep, intervalNanos, intervalNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void stop() {
    running = false;
    executor.shutdown();
    try {
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("The lease sweep did not end within 5 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
