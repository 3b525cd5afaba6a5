package io.weir.client;

import io.weir.client.transport.Access;
import io.weir.client.transport.ConnectionPools;
import io.weir.client.transport.Response;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.Transport;
import io.weir.model.Key;
import io.weir.model.KeyLocation;
import io.weir.model.Topology;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of one Weir cluster. Make one, share it, close it at the end.
 *
 * <pre>{@code
 * try (WeirClient weir = WeirClient.builder().master("http://127.0.0.1:7400").build()) {
 *   weir.put(Key.of("user:1"), "Ada".getBytes(UTF_8));
 *   Optional<Entry> entry = weir.get(Key.of("user:1"));
 * }
 * }</pre>
 *
 * <p><b>Concurrency.</b> Safe for any number of threads. Every call blocks its caller, at most
 * until the deadline; virtual threads are the way to have many under way. Nothing is connected
 * before the first call.
 *
 * <p><b>Failure.</b> Calls throw a {@link WeirException}, whose subclass says whether a write may
 * have been applied: only after {@link AmbiguousOutcomeException} it may. An interrupted call fails
 * and leaves the thread interrupted.
 */
public final class WeirClient implements AutoCloseable {

  private final Transport transport;
  private final ConnectionPools pools;
  private final Doors doors;
  private final TopologyWatch watch;
  private final KeyRequests requests;
  private final OperatorRequests operators;
  private final ClientSettings settings;
  private final Access access;
  private final LongSupplier nanoClock;
  private volatile boolean closed;

  WeirClient(ClientSettings settings, Access access, LongSupplier nanoClock) {
    this.settings = settings;
    this.access = access;
    this.nanoClock = nanoClock;
    this.transport =
        new Transport(
            "weir-client-io",
            settings.ioThreads(),
            settings.connectTimeout(),
            settings.maxResponseBytes(),
            access);
    this.pools =
        new ConnectionPools(transport, settings.maxConnectionsPerServer(), settings.idleTimeout());
    Exchanges exchanges = new Exchanges(pools, access);
    Masters masters =
        new Masters(
            settings.masters(),
            settings.network(),
            exchanges,
            settings.maxResponseBytes(),
            ThreadLocalRandom.current().nextInt(settings.masters().size()));
    this.watch = new TopologyWatch(masters, settings.longPoll(), settings.readTimeout());
    this.doors = new Doors(settings.door());
    this.requests =
        new KeyRequests(
            settings,
            watch,
            new KeyExchanges(exchanges, doors, settings.connectTimeout(), nanoClock),
            nanoClock);
    this.operators = new OperatorRequests(masters, exchanges);
    watch.onChange(this::closeOtherPools);
    if (settings.watch()) {
      watch.start();
    }
  }

  public static WeirClientBuilder builder() {
    return new WeirClientBuilder();
  }

  /**
   * Reads an entry.
   *
   * @return empty when there is none
   * @throws WeirException when no server answers the question before the deadline
   */
  public Optional<Entry> get(Key key) {
    Response response =
        send(
            KeyRequest.get(
                key, settings.readFrom() == ReadFrom.ANY ? settings.consistency() : null));
    if (response.status() == 404) {
      return Optional.empty();
    }
    return Optional.of(Answers.entry(response));
  }

  /** Writes an entry, whatever was there before. */
  public Written put(Key key, byte[] value) {
    return put(key, value, WriteOptions.DEFAULT);
  }

  /**
   * Writes an entry.
   *
   * @param value not to be changed before the call returns
   * @throws PreconditionFailedException when the options' condition does not hold
   * @throws AmbiguousOutcomeException when it is not known whether the write was applied
   * @throws WeirException when it was not
   */
  public Written put(Key key, byte[] value, WriteOptions options) {
    return Answers.written(send(KeyRequest.put(key, value, options)));
  }

  /** Removes an entry, if there is one. */
  public Written delete(Key key) {
    return delete(key, WriteOptions.DEFAULT);
  }

  /**
   * Removes an entry.
   *
   * @throws PreconditionFailedException when the options' condition does not hold
   * @throws AmbiguousOutcomeException when it is not known whether it was removed
   * @throws WeirException when it was not
   */
  public Written delete(Key key, WriteOptions options) {
    return Answers.written(send(KeyRequest.delete(key, options)));
  }

  /**
   * Returns the newest topology that is known, asking a master when none is.
   *
   * @throws NotReachableException when no master answers
   */
  public Topology topology() {
    return routing().topology();
  }

  /** The same as a table to route by. */
  public RoutingTable routing() {
    ensureOpen();
    return watch.get(Deadline.after(settings.deadline(), nanoClock));
  }

  /**
   * What {@link #routing} would return if it needed no master; null when it would. Never blocks.
   */
  public @Nullable RoutingTable knownRouting() {
    return watch.current();
  }

  /**
   * Asks a master for a newer topology now. Many such calls at once make one request.
   *
   * @throws NotReachableException when no master answers
   */
  public RoutingTable refresh() {
    ensureOpen();
    return watch.refresh(Deadline.after(settings.deadline(), nanoClock));
  }

  /**
   * Returns the slot and the owner of a key by the newest topology that is known.
   *
   * @throws NotReachableException when none is known and no master answers
   */
  public KeyLocation locate(Key key) {
    return Objects.requireNonNull(topology().withKey(key).key());
  }

  /**
   * Sends what an operator asks to one server, once: nothing is repeated.
   *
   * @param server its URL, as the topology lists it
   * @param timeout for all of it
   * @return the body of a 2xx answer
   * @throws RejectedException when the server answers anything else
   * @throws AmbiguousOutcomeException when it is not known whether something was changed
   * @throws NotReachableException when the server has certainly not seen the request
   */
  public byte[] operate(URI server, OperatorRequest request, Duration timeout) {
    ensureOpen();
    return operators.send(ServerAddress.of(server), request, timeout);
  }

  /** Sends what an operator asks to the masters in turn, until one answers; as {@link #operate}. */
  public byte[] operateMaster(OperatorRequest request, Duration timeout) {
    ensureOpen();
    return operators.sendToAMaster(request, timeout);
  }

  /** Token and certificates, for those who speak to the servers in other ways. */
  public Access access() {
    return access;
  }

  /** Calls the listener with every topology from now on. It must not block. */
  public void onTopology(Consumer<Topology> listener) {
    watch.onChange(table -> listener.accept(table.topology()));
  }

  /** Stops the watch, then closes all connections; calls under way fail. */
  @Override
  public void close() {
    closed = true;
    watch.close();
    pools.close();
    transport.close();
  }

  private Response send(KeyRequest request) {
    ensureOpen();
    return requests.send(request);
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException("the client is closed");
    }
  }

  private void closeOtherPools(RoutingTable table) {
    Set<ServerAddress> wanted = new HashSet<>(table.servers());
    wanted.addAll(settings.masters());
    wanted.addAll(table.fastPorts());
    pools.retain(wanted);
    doors.retain(table.fastPorts());
  }
}
