package io.weir.master.registry;

import io.weir.model.NodeId;
import io.weir.model.RegistrationRequest;
import io.weir.model.ShardId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;

/**
 * The registry of the cluster: who has registered, which slots each shard owns, who leads.
 *
 * <p><b>Concurrency.</b> The database is the one owner of the state; this process keeps the last
 * state it read, immutable, behind one volatile field, and asks the database for no more than the
 * version while that has not moved, once for all who ask at a time. A change is read, decided by
 * {@link RegistrationRules}, and written by compare-and-set; when another master was first, all of
 * it is repeated on the new state. The changes of one process queue at a lock, so that they do not
 * fail each other's compare-and-set; the lock protects no data.
 *
 * <p><b>Failure.</b> What the database cannot do is thrown as Spring's {@code DataAccessException}
 * or {@code TransactionException}, and has changed nothing, or, when the reply to a commit is lost,
 * all; repeating a registration is harmless.
 */
public final class Registry {

  private static final Logger log = LoggerFactory.getLogger(Registry.class);

  /** Each attempt that fails means that another change got through. */
  private static final int ATTEMPTS = 64;

  private final RegistryStore store;
  private final StatusStore status;
  private final RegistrationRules rules;
  private final Duration lease;
  private final ReentrantLock changes = new ReentrantLock(true);
  private final SharedRead<RegistryState> reads = new SharedRead<>(this::read);
  private final List<Consumer<RegistryState>> listeners = new CopyOnWriteArrayList<>();
  private volatile RegistryState lastKnown = RegistryState.UNREAD;

  Registry(RegistryStore store, StatusStore status, RegistrationRules rules, Duration lease) {
    this.store = store;
    this.status = status;
    this.rules = rules;
    this.lease = lease;
  }

  /** Has a listener called with every state that is new here, by the thread that learnt of it. */
  public void onChange(Consumer<RegistryState> listener) {
    listeners.add(listener);
  }

  /** The state as last read; no I/O. */
  public RegistryState lastKnown() {
    return lastKnown;
  }

  /** The state as it is in the database now. */
  public RegistryState current() {
    return reads.get();
  }

  private RegistryState read() {
    RegistryState known = lastKnown;
    long version = store.version();
    if (version == known.version()) {
      return known;
    }
    if (version < known.version()) {
      log.warn("the registry went back from version {} to {}", known.version(), version);
      lastKnown = RegistryState.UNREAD;
    }
    return publish(store.read().state());
  }

  /** Says what a registry in this state waits for before there is a cluster; null once there is. */
  public @Nullable String waiting(RegistryState state) {
    return rules.waiting(state);
  }

  /** The state, what the nodes last said of themselves, and what has happened, as of now. */
  public Overview overview() {
    return status.overview(current());
  }

  /**
   * Takes a registration or a heartbeat.
   *
   * @throws RegistrationRefusedException when it contradicts what is registered
   * @throws RegistryBusyException when other masters were faster again and again
   */
  public Registered register(RegistrationRequest request) {
    Registered taken = renew(request);
    if (taken == null) {
      taken =
          registered(
              change(stored -> rules.register(stored.state(), stored.leases(), request), request),
              request);
    }
    status.keep(request.nodeId(), request.figures());
    return taken;
  }

  /**
   * Forgets a node; its shard and the shard's ranges stay.
   *
   * @return false when there was no such node
   */
  public boolean deregister(NodeId node) {
    boolean known = current().node(node) != null;
    change(stored -> stored.state().without(node), null);
    status.forget(node);
    return known;
  }

  /** Counts the nodes that {@link #sweep} would list as down. */
  public Overdue overdue() {
    return store.overdue();
  }

  /**
   * Forgets who leads a shard, which servers it has and what they have proved; its slots stay. The
   * shard's own servers say all of it again with their next heartbeat.
   *
   * @return false when there is no such shard
   */
  public boolean forgetClaim(ShardId id) {
    boolean known = current().shard(id) != null;
    change(stored -> rules.forgetClaim(stored.state(), stored.leases(), id), null);
    return known;
  }

  /** Lists as down every node whose lease has run out. */
  public void sweep() {
    RegistryState before = current();
    // When the version moved meanwhile, the next sweep does it.
    if (store.expireLeases(before)) {
      publish(store.read().state());
    }
  }

  /** Renews the lease when that is all a registration is about; null when it is not. */
  private @Nullable Registered renew(RegistrationRequest request) {
    RegistryState state = current();
    NodeRecord node = state.node(request.nodeId());
    if (node == null) {
      return null;
    }
    RegistryState next;
    try {
      next = rules.register(state, Leases.ALL_RUN, request);
    } catch (RegistrationRefusedException e) {
      return null; // To be decided on leases as they are now.
    }
    return next.sameAs(state) && store.renew(node, lease) ? registered(state, request) : null;
  }

  private interface Decision {
    RegistryState on(StoredState stored);
  }

  private RegistryState change(Decision decision, @Nullable RegistrationRequest registration) {
    changes.lock();
    try {
      for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        StoredState stored = store.read();
        RegistryState before = publish(stored.state());
        RegistryState next = decision.on(stored);
        boolean visible = !next.looksLike(before);
        RegistryState after = next.at(before.version() + (visible ? 1 : 0));
        if (replace(before, after, registration)) {
          return publish(after);
        }
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2_000_000L * attempt));
      }
      throw new RegistryBusyException(ATTEMPTS);
    } finally {
      changes.unlock();
    }
  }

  private boolean replace(
      RegistryState before, RegistryState after, @Nullable RegistrationRequest registration) {
    if (registration == null && after.sameAs(before)) {
      return true;
    }
    try {
      return store.replace(before, after, registration, lease);
    } catch (ConcurrencyFailureException | DuplicateKeyException e) {
      return false;
    }
  }

  private Registered registered(RegistryState state, RegistrationRequest request) {
    return new Registered(
        state,
        Objects.requireNonNull(state.founding()),
        Objects.requireNonNull(state.shard(request.shardId())));
  }

  /** Keeps a state that was read, unless a later one is kept already. */
  private RegistryState publish(RegistryState read) {
    RegistryState before;
    synchronized (listeners) {
      before = lastKnown;
      if (read.version() >= before.version()) {
        lastKnown = read;
      }
    }
    if (before.version() < read.version()) {
      Changes.log(before, read);
      listeners.forEach(listener -> listener.accept(read));
    }
    return read;
  }
}
