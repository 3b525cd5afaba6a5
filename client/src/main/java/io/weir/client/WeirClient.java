package io.weir.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.weir.client.transport.Access;
import io.weir.client.transport.ConnectionPools;
import io.weir.client.transport.Response;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.Transport;
import io.weir.model.Consistency;
import io.weir.model.Durability;
import io.weir.model.Headers;
import io.weir.model.Key;
import io.weir.model.KeyLocation;
import io.weir.model.Topology;
import io.weir.model.Version;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
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
 *
 * <p><b>Size.</b> Longer than most: the builder is a third of it, a method with its default a
 * setting.
 */
public final class WeirClient implements AutoCloseable {

  private final Transport transport;
  private final ConnectionPools pools;
  private final TopologyWatch watch;
  private final KeyRequests requests;
  private final OperatorRequests operators;
  private final ClientSettings settings;
  private final Access access;
  private volatile boolean closed;

  private WeirClient(ClientSettings settings, Access access) {
    this.settings = settings;
    this.access = access;
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
    Masters masters = new Masters(settings.masters(), settings.network(), exchanges);
    this.watch = new TopologyWatch(masters, settings.longPoll(), settings.readTimeout());
    this.requests = new KeyRequests(settings, watch, exchanges, System::nanoTime);
    this.operators = new OperatorRequests(settings.masters(), exchanges);
    watch.onChange(this::closeOtherPools);
    if (settings.watch()) {
      watch.start();
    }
  }

  public static Builder builder() {
    return new Builder();
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
    return Optional.of(
        new Entry(
            response.body(),
            response.headers().get(HttpHeaderNames.CONTENT_TYPE),
            version(response),
            CacheStatus.of(response.headers().get(Headers.CACHE_STATUS))));
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
    return written(send(KeyRequest.put(key, value, options)));
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
    return written(send(KeyRequest.delete(key, options)));
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
    return watch.get(Deadline.after(settings.deadline(), System::nanoTime));
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
    return watch.refresh(Deadline.after(settings.deadline(), System::nanoTime));
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
    pools.retain(wanted);
  }

  private static Written written(Response response) {
    String reached = response.headers().get(Headers.DURABILITY);
    return new Written(version(response), reached == null ? null : durability(reached));
  }

  private static @Nullable Durability durability(String text) {
    try {
      return Durability.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Version version(Response response) {
    String tag = response.headers().get(HttpHeaderNames.ETAG);
    if (tag == null || !tag.matches("\"\\d{1,19}\"")) {
      return Version.NONE;
    }
    try {
      return new Version(Long.parseLong(tag.substring(1, tag.length() - 1)));
    } catch (NumberFormatException e) {
      return Version.NONE;
    }
  }

  /** Settings of a client to be; each method replaces a default and returns the builder. */
  public static final class Builder {

    private final List<ServerAddress> masters = new ArrayList<>();
    private Network network = Network.INTERNAL;
    private Duration deadline = Duration.ofSeconds(10);
    private Duration connectTimeout = Duration.ofSeconds(1);
    private Duration readTimeout = Duration.ofSeconds(3);
    private Duration longPoll = Duration.ofSeconds(30);
    private Duration idleTimeout = Duration.ofSeconds(10);
    private int maxConnectionsPerServer = 64;
    private int maxResponseBytes = 16 << 20;
    private int ioThreads = 1;
    private boolean watch = true;
    private ReadFrom readFrom = ReadFrom.LEADER;
    private Consistency consistency = Consistency.LINEARIZABLE;
    private @Nullable Supplier<String> token;
    private @Nullable Supplier<SSLContext> certificates;

    private Builder() {}

    /** Adds the URL of a master; any number of them, asked in turn. */
    public Builder master(String url) {
      masters.add(ServerAddress.parse(url));
      return this;
    }

    /** Adds the URLs of masters. */
    public Builder masters(Collection<URI> urls) {
      urls.forEach(url -> masters.add(ServerAddress.of(url)));
      return this;
    }

    /** Which addresses of the cache servers to use. Default: internal. */
    public Builder network(Network value) {
      network = value;
      return this;
    }

    /** How long a call may take in all, repetitions included. Default: 10 s. */
    public Builder deadline(Duration value) {
      deadline = value;
      return this;
    }

    /** How long connecting may take before the server counts as down. Default: 1 s. */
    public Builder connectTimeout(Duration value) {
      connectTimeout = value;
      return this;
    }

    /**
     * How long one attempt of what is safe to repeat may take; other writes may take until the
     * deadline. Longer bears slower servers, shorter finds the next sooner. Default: 3 s.
     */
    public Builder readTimeout(Duration value) {
      readTimeout = value;
      return this;
    }

    /** How long a master may hold back its answer to the watch. Default: 30 s. */
    public Builder longPoll(Duration value) {
      longPoll = value;
      return this;
    }

    /**
     * A connection unused for longer is not used again. Keep it below the servers' own limit, or
     * requests meet connections that are just being closed. Default: 10 s.
     */
    public Builder idleTimeout(Duration value) {
      idleTimeout = value;
      return this;
    }

    /** Most connections to one server; further calls wait for one. Default: 64. */
    public Builder maxConnectionsPerServer(int value) {
      maxConnectionsPerServer = value;
      return this;
    }

    /**
     * Most bytes of one answer; above the servers' {@code weir.max-value-size}. Default: 16 MiB.
     */
    public Builder maxResponseBytes(int value) {
      maxResponseBytes = value;
      return this;
    }

    /** Number of event loops; one serves tens of thousands of requests a second. Default: 1. */
    public Builder ioThreads(int value) {
      ioThreads = value;
      return this;
    }

    /** Whether to long-poll for topology changes; a client of one call need not. Default: true. */
    public Builder watch(boolean value) {
      watch = value;
      return this;
    }

    /** Which servers of a shard answer reads. Default: its leader. */
    public Builder readFrom(ReadFrom value) {
      readFrom = value;
      return this;
    }

    /**
     * What reads promise that any server answers; the leader's are linearizable anyway. Default:
     * linearizable.
     */
    public Builder consistency(Consistency value) {
      consistency = value;
      return this;
    }

    /**
     * The token to show, such as that of a {@link io.weir.model.TokenFile}. It is asked for once,
     * and again when a server has answered 401; if it is another by then, the request is repeated
     * once. So a token can be replaced while requests are under way. Default: none.
     */
    public Builder token(Supplier<String> value) {
      token = value;
      return this;
    }

    /**
     * What to trust, and to show if asked, when a server is reached by https; asked for with each
     * connection, so it is to be quick. Default: the JDK's own trust store, and no certificate.
     */
    public Builder ssl(Supplier<SSLContext> value) {
      certificates = value;
      return this;
    }

    /**
     * Makes the client, and starts its threads.
     *
     * @throws IllegalArgumentException when a setting is out of range
     */
    public WeirClient build() {
      return new WeirClient(
          new ClientSettings(
              masters,
              network,
              deadline,
              connectTimeout,
              readTimeout,
              longPoll,
              idleTimeout,
              maxConnectionsPerServer,
              maxResponseBytes,
              ioThreads,
              watch,
              readFrom,
              consistency),
          new Access(token, certificates));
    }
  }
}
