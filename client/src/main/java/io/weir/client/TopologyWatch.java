package io.weir.client;

import io.weir.model.Topology;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest topology that the client knows, and what keeps it new.
 *
 * <p><b>Concurrency.</b> The routing table is an immutable snapshot behind a volatile field. One
 * thread long-polls for the next version; a caller that has reason to doubt the table refreshes it.
 * Refreshes are single-flight: who comes while one is under way waits for it and takes its result.
 *
 * <p><b>Ordering.</b> A table is replaced by a newer version only, because masters may answer out
 * of order. Where every answer in a row, one from each master and one more, is older, the registry
 * was set up anew, and the older version is taken. A master that waits for a cluster knows less
 * than this client, however many answer so.
 *
 * <p><b>Failure.</b> While no master answers, the table stays as it is, and the thread asks again
 * with back-off.
 */
final class TopologyWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TopologyWatch.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** No first table is fetched when the last try is younger: many requests at once make one. */
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * The same for a doubt, half to all of it at random: a shard that fails over makes every client
   * doubt at once, and again with each repetition.
   */
  private static final long DOUBT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Masters masters;
  private final Duration longPoll;
  private final Duration timeout;
  private final List<Consumer<RoutingTable>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock refreshing = new ReentrantLock();
  private final Object adopting = new Object();
  private @Nullable Thread thread;
  private volatile @Nullable RoutingTable current;
  // When the last refresh began and ended; guarded by refreshing, as is failure.
  private long begunAt = System.nanoTime() - FRESH_NANOS;
  private long refreshedAt = begunAt;
  private @Nullable WeirException failure; // Of the refresh at refreshedAt.
  private long failedForNanos; // How long that took; also guarded by refreshing.
  private volatile boolean closed;
  private int olderInARow; // Guarded by adopting.

  /**
   * @param timeout how long one master may take to answer, the time it is asked to wait excepted
   */
  TopologyWatch(Masters masters, Duration longPoll, Duration timeout) {
    this.masters = masters;
    this.longPoll = longPoll;
    this.timeout = timeout;
  }

  /** Starts to long-poll. */
  synchronized void start() {
    if (thread == null) {
      thread = Thread.ofPlatform().name("weir-client-topology").daemon().start(this::run);
    }
  }

  /** The newest table; null before the first answer. */
  @Nullable RoutingTable current() {
    return current;
  }

  /** Calls the listener with every table from now on, on the thread that fetched it. */
  void onChange(Consumer<RoutingTable> listener) {
    listeners.add(listener);
  }

  /**
   * Returns the newest table, fetching one if there is none.
   *
   * @throws NotReachableException when no master answers
   */
  RoutingTable get(Deadline deadline) {
    RoutingTable table = current;
    if (table != null) {
      return table;
    }
    long askedAt = System.nanoTime();
    return refresh(deadline, () -> refreshedAt - askedAt > -FRESH_NANOS);
  }

  /**
   * Asks a master now; who comes while one is being asked shares the next answer.
   *
   * @throws NotReachableException when no master answers
   */
  RoutingTable refresh(Deadline deadline) {
    long askedAt = System.nanoTime();
    return refresh(deadline, () -> begunAt - askedAt >= 0);
  }

  /**
   * The same for a caller that has met a server that does not lead, or does not answer; it asks
   * seldom, and while the masters do not answer, no longer than they were last waited for.
   *
   * @throws NotReachableException when no master answers
   */
  RoutingTable doubt(Deadline deadline) {
    long doubtedAt = System.nanoTime();
    long fresh = ThreadLocalRandom.current().nextLong(DOUBT_NANOS / 2, DOUBT_NANOS);
    return refresh(deadline, () -> refreshedAt - doubtedAt > -Math.max(fresh, failedForNanos));
  }

  /**
   * @param isFresh whether the last refresh will do; asked by one thread at a time
   */
  private RoutingTable refresh(Deadline deadline, BooleanSupplier isFresh) {
    try {
      if (!refreshing.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new NotReachableException("no master gave the topology in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotReachableException("interrupted while waiting for the topology", e);
    }
    try {
      if (!isFresh.getAsBoolean()) {
        fetchNow(deadline);
      } else if (failure != null) {
        throw new NotReachableException(String.valueOf(failure.getMessage()), failure);
      }
      RoutingTable newest = current;
      if (newest == null) {
        throw new NotReachableException("the masters answered 304 to a client without a topology");
      }
      return newest;
    } finally {
      refreshing.unlock();
    }
  }

  private void fetchNow(Deadline deadline) {
    begunAt = System.nanoTime();
    try {
      failedForNanos = 0;
      RoutingTable fetched =
          masters.fetch(version(current), Duration.ZERO, deadline.atMost(timeout));
      failure = null;
      if (fetched != null) {
        adopt(fetched);
      }
    } catch (WeirException e) {
      failure = e;
      failedForNanos = System.nanoTime() - begunAt;
      throw e;
    } finally {
      refreshedAt = System.nanoTime();
    }
  }

  private void run() {
    Backoff backoff = newBackoff();
    boolean failing = false;
    while (!closed) {
      long askedAt = System.nanoTime();
      try {
        RoutingTable known = current;
        RoutingTable fetched =
            masters.fetch(version(known), known == null ? Duration.ZERO : longPoll, timeout);
        if (failing) {
          log.info("the masters answer again");
          failing = false;
        }
        if (fetched != null && !adopt(fetched)) {
          masters.rotate();
        } else if (fetched != null || System.nanoTime() - askedAt > longPoll.toNanos() / 2) {
          backoff = newBackoff();
          continue;
        }
        // Else a 304 that did not wait: a master that cannot hold an answer back.
      } catch (WeirException e) {
        if (!failing && !closed) {
          log.warn("the topology stays as it is, will ask again: {}", e.getMessage());
          failing = true;
        }
      } catch (RuntimeException e) {
        log.error("watching the topology failed, will go on", e);
      }
      if (!closed) {
        LockSupport.parkNanos(this, backoff.nextNanos());
      }
    }
  }

  /**
   * Takes a table if it is newer; returns false when it is older, or the same, or of a master that
   * waits for a cluster.
   */
  private boolean adopt(RoutingTable fetched) {
    synchronized (adopting) {
      RoutingTable known = current;
      if (known != null && fetched.topology().waiting() != null) {
        return false;
      }
      long version = fetched.topology().version();
      if (known != null && version == version(known)) {
        olderInARow = 0;
        return false;
      }
      if (known != null && version < version(known)) {
        olderInARow++;
        if (olderInARow <= masters.count()) {
          return false;
        }
        log.warn(
            "the masters have gone from topology version {} to {}; taking the older one",
            version(known),
            version);
      }
      olderInARow = 0;
      current = fetched;
      Topology topology = fetched.topology();
      log.debug("topology version {}, {}", topology.version(), topology.state());
    }
    for (Consumer<RoutingTable> listener : listeners) {
      listener.accept(fetched);
    }
    return true;
  }

  private static long version(@Nullable RoutingTable table) {
    return table == null ? 0 : table.topology().version();
  }

  private static Backoff newBackoff() {
    return new Backoff(
        FIRST_WAIT, LONGEST_WAIT, bound -> ThreadLocalRandom.current().nextLong(bound));
  }

  /** Ends the long-poll; does not wait for it. */
  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
