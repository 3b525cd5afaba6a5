package io.weir.client;

import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.TransportException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which port of each cache server requests on keys go to: the fast one that the topology lists, or
 * the HTTP port while that one does not answer.
 *
 * <p>A server is called by its HTTP address everywhere else; which of its ports a request goes to
 * changes nothing in what the request means, or in what is known of its outcome.
 *
 * <p><b>Failure.</b> A fast port is left when it cannot be connected to or does not speak HTTP. One
 * that has not answered since it was last tried is left after any failure, since what lies in front
 * of it may take connections by itself. After {@link #AWAY} one request tries it again, while all
 * others still go to the HTTP port.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads, event loops included. The state of a port
 * is immutable and replaced as a whole; of those who find it due for a trial, the one who replaces
 * it makes the trial.
 */
public final class Doors {

  /** How long a fast port is left alone. */
  static final Duration AWAY = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(Doors.class);

  private final Door door;
  private final LongSupplier nanoClock;
  private final ConcurrentMap<ServerAddress, State> states = new ConcurrentHashMap<>();

  /**
   * What is known of a fast port.
   *
   * @param left why it is left alone; null while it is in use
   * @param nextTrial when it is tried again
   * @param told whether somebody was told
   */
  private record State(@Nullable String left, long nextTrial, boolean told) {

    /** It has answered since it was last tried. */
    static final State ANSWERS = new State(null, 0, false);
  }

  public Doors(Door door) {
    this(door, System::nanoTime);
  }

  Doors(Door door, LongSupplier nanoClock) {
    this.door = door;
    this.nanoClock = nanoClock;
  }

  /** The fast port of a server, be it in use or not; null when there is none or none is wanted. */
  public @Nullable ServerAddress fastOf(ServerAddress server, @Nullable RoutingTable table) {
    return door == Door.HTTP || table == null ? null : table.fastOf(server);
  }

  /** Whether the next request is to go to this fast port. Who is told so makes it. */
  public boolean isOpen(ServerAddress fast) {
    State state = states.get(fast);
    if (state == null || state.left() == null) {
      return true;
    }
    long now = nanoClock.getAsLong();
    return now - state.nextTrial() >= 0
        && states.replace(fast, state, new State(state.left(), now + AWAY.toNanos(), state.told()));
  }

  /** A fast port has answered a request. */
  public void answered(ServerAddress fast) {
    State before = states.get(fast);
    if (!State.ANSWERS.equals(before)) {
      states.put(fast, State.ANSWERS);
      if (before != null && before.told()) {
        log.info("the fast port {} answers again", fast);
      }
    }
  }

  /**
   * A request to a fast port has got no answer.
   *
   * @return whether the port is left alone, so that the HTTP port may be asked instead
   */
  public boolean failed(ServerAddress fast, TransportException cause) {
    State before = states.get(fast);
    if (!isItsFault(cause, before)) {
      return false;
    }
    states.put(
        fast,
        new State(
            String.valueOf(cause.getMessage()),
            nanoClock.getAsLong() + AWAY.toNanos(),
            before != null && before.told()));
    return true;
  }

  private static boolean isItsFault(TransportException cause, @Nullable State before) {
    return switch (cause.reason()) {
      case UNREACHABLE, MALFORMED -> true;
      case CONNECTION_LOST -> !State.ANSWERS.equals(before);
      case TIMEOUT -> !State.ANSWERS.equals(before) && cause.mayHaveArrived();
      case POOL_EXHAUSTED, CANCELLED -> false;
    };
  }

  /** The HTTP port has answered in the place of a fast one: so the server is there. */
  public void answeredInstead(ServerAddress fast) {
    State state = states.get(fast);
    if (state != null
        && state.left() != null
        && !state.told()
        && states.replace(fast, state, new State(state.left(), state.nextTrial(), true))) {
      log.warn(
          "the fast port {} does not answer, and its server's HTTP port is asked instead: {}",
          fast,
          state.left());
    }
  }

  /** Forgets all others. */
  public void retain(Collection<ServerAddress> fast) {
    states.keySet().retainAll(fast);
  }
}
