package io.weir.client;

import io.weir.client.transport.Access;
import io.weir.client.transport.ServerAddress;
import io.weir.model.Consistency;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Settings of a client to be; each method replaces a default and returns the builder. */
public final class WeirClientBuilder {

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
  private Door door = Door.FAST;
  private @Nullable Supplier<String> token;
  private @Nullable Supplier<SSLContext> certificates;
  private LongSupplier nanoClock = System::nanoTime;

  WeirClientBuilder() {}

  /** Adds the URL of a master; any number of them, asked in turn. */
  public WeirClientBuilder master(String url) {
    masters.add(ServerAddress.parse(url));
    return this;
  }

  /** Adds the URLs of masters. */
  public WeirClientBuilder masters(Collection<URI> urls) {
    urls.forEach(url -> masters.add(ServerAddress.of(url)));
    return this;
  }

  /** Which addresses of the cache servers to use. Default: internal. */
  public WeirClientBuilder network(Network value) {
    network = value;
    return this;
  }

  /**
   * How long a call may take in all, repetitions included. No attempt begins in its last 10 ms (or,
   * where it is shorter than 20 ms, in its second half). Default: 10 s.
   */
  public WeirClientBuilder deadline(Duration value) {
    deadline = value;
    return this;
  }

  /** How long connecting may take before the server counts as down. Default: 1 s. */
  public WeirClientBuilder connectTimeout(Duration value) {
    connectTimeout = value;
    return this;
  }

  /**
   * How long one attempt of what is safe to repeat may take; other writes may take until the
   * deadline. Longer bears slower servers, shorter finds the next sooner. Default: 3 s.
   */
  public WeirClientBuilder readTimeout(Duration value) {
    readTimeout = value;
    return this;
  }

  /** How long a master may hold back its answer to the watch. Default: 30 s. */
  public WeirClientBuilder longPoll(Duration value) {
    longPoll = value;
    return this;
  }

  /**
   * A connection unused for longer is not used again. Keep it below the servers' own limit, or
   * requests meet connections that are just being closed. Default: 10 s.
   */
  public WeirClientBuilder idleTimeout(Duration value) {
    idleTimeout = value;
    return this;
  }

  /** Most connections to one server; further calls wait for one. Default: 64. */
  public WeirClientBuilder maxConnectionsPerServer(int value) {
    maxConnectionsPerServer = value;
    return this;
  }

  /** Most bytes of one answer; above the servers' {@code weir.max-value-size}. Default: 16 MiB. */
  public WeirClientBuilder maxResponseBytes(int value) {
    maxResponseBytes = value;
    return this;
  }

  /** Number of event loops; one serves tens of thousands of requests a second. Default: 1. */
  public WeirClientBuilder ioThreads(int value) {
    ioThreads = value;
    return this;
  }

  /** Whether to long-poll for topology changes; a client of one call need not. Default: true. */
  public WeirClientBuilder watch(boolean value) {
    watch = value;
    return this;
  }

  /** Which servers of a shard answer reads. Default: its leader. */
  public WeirClientBuilder readFrom(ReadFrom value) {
    readFrom = value;
    return this;
  }

  /**
   * What reads promise that any server answers; the leader's are linearizable anyway. Default:
   * linearizable.
   */
  public WeirClientBuilder consistency(Consistency value) {
    consistency = value;
    return this;
  }

  /**
   * Which port of the cache servers requests on keys go to. A fast port that cannot be reached, or
   * does not speak HTTP, is left for the HTTP port, and tried again every 10 s; a write whose
   * outcome is unknown is no more repeated than else. Default: fast.
   */
  public WeirClientBuilder door(Door value) {
    door = value;
    return this;
  }

  /**
   * The token to show, such as that of a {@link io.weir.model.TokenFile}. It is asked for once, and
   * again when a server has answered 401; if it is another by then, the request is repeated once.
   * So a token can be replaced while requests are under way. Default: none.
   */
  public WeirClientBuilder token(Supplier<String> value) {
    token = value;
    return this;
  }

  /**
   * What to trust, and to show if asked, when a server is reached by https; asked for with each
   * connection, so it is to be quick. With it, as with a master that is reached by https, nothing
   * is sent to a cache server whose address is http. Default: the JDK's own trust store, and no
   * certificate.
   */
  public WeirClientBuilder ssl(Supplier<SSLContext> value) {
    certificates = value;
    return this;
  }

  /** The clock that deadlines are measured on, monotonic and in nanoseconds. */
  WeirClientBuilder nanoClock(LongSupplier value) {
    nanoClock = value;
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
            consistency,
            door),
        new Access(token, certificates, masters),
        nanoClock);
  }
}
