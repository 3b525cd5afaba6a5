package io.weir.lab.torture;

import io.weir.lab.cluster.Cluster;
import io.weir.lab.cluster.Listener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The detours through which cache servers reach their database and each other.
 *
 * <p>Each member of a group has an address of its own on the loopback network, and speaks from it;
 * so the proxy in front of a member's journal can tell from whom bytes come.
 */
public final class Wiring implements Cluster.CacheWiring, AutoCloseable {

  private static final Pattern HOST_AND_PORT = Pattern.compile("//([^/:?;]+):(\\d+)");
  private static final int FIRST_ADDRESS = 10;

  /** Of a journal's port to the HTTP port of its server, whose fast port is 2,000 above. */
  private static final int RAFT_OFFSET = 1_000;

  private static final int JOURNAL_PROXY_OFFSET = 3_000;

  /** Of the highest port that a cache server's detours take to its HTTP port. */
  static final int DATABASE_PROXY_OFFSET = 4_000;

  private final int masterPort;
  private final boolean partitions;
  private final List<Path> classPath;
  private final boolean g1;
  private final Map<Integer, TcpProxy> databases = new ConcurrentHashMap<>();
  private final Map<Integer, TcpProxy> journals = new ConcurrentHashMap<>();

  /**
   * @param partitions whether members are to be told apart
   * @param classPath jars for the cache servers besides their own
   * @param g1 whether G1 collects the heaps
   */
  Wiring(int masterPort, boolean partitions, List<Path> classPath, boolean g1) {
    this.masterPort = masterPort;
    this.partitions = partitions;
    this.classPath = classPath;
    this.g1 = g1;
  }

  /** Whether this machine lets every process have a loopback address of its own. */
  public static boolean canTellMembersApart() {
    try (ServerSocket probe = new ServerSocket(0, 1, address(0))) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String jdbcUrl(int cache, String url) {
    Matcher matcher = HOST_AND_PORT.matcher(url);
    if (!matcher.find()) {
      throw new IllegalArgumentException("a JDBC URL names host and port, got " + url);
    }
    InetSocketAddress target =
        new InetSocketAddress(matcher.group(1), Integer.parseInt(matcher.group(2)));
    TcpProxy proxy =
        databases.computeIfAbsent(
            cache,
            c ->
                new TcpProxy(
                    InetAddress.getLoopbackAddress(), port(c) + DATABASE_PROXY_OFFSET, target));
    return matcher.replaceFirst("//127.0.0.1:" + proxy.port());
  }

  @Override
  public Map<String, String> settings(int cache) {
    if (!partitions) {
      return Map.of();
    }
    InetSocketAddress journal = new InetSocketAddress(address(cache), port(cache) + RAFT_OFFSET);
    TcpProxy proxy =
        journals.computeIfAbsent(
            cache,
            c ->
                new TcpProxy(
                    InetAddress.getLoopbackAddress(), port(c) + JOURNAL_PROXY_OFFSET, journal));
    return Map.of(
        "weir.raft.address",
        address(cache).getHostAddress(),
        "weir.advertise.raft",
        "127.0.0.1:" + proxy.port());
  }

  @Override
  public List<Listener> listeners(int cache) {
    String name = "cache-" + (cache + 1);
    Listener database =
        new Listener(port(cache) + DATABASE_PROXY_OFFSET, "the detour to the database of " + name);
    return partitions
        ? List.of(
            new Listener(
                port(cache) + JOURNAL_PROXY_OFFSET, "the detour to the journal of " + name),
            database)
        : List.of(database);
  }

  private int port(int cache) {
    return masterPort + 1 + cache;
  }

  /** A start counts more here than what the best code would gain after it. */
  @Override
  public List<String> jvmOptions() {
    return g1
        ? List.of("-XX:TieredStopAtLevel=1", "-XX:+UseG1GC")
        : List.of("-XX:TieredStopAtLevel=1");
  }

  @Override
  public List<Path> classPath() {
    return classPath;
  }

  /** The ways of some cache servers, from the first on, to the database that they share. */
  DatabasePair.Ways databaseWays(int first, int count) {
    return new DatabasePair.Ways() {
      @Override
      public void lead(InetSocketAddress database) {
        proxies().forEach(proxy -> proxy.lead(database));
      }

      @Override
      public void cut(InetSocketAddress database) {
        proxies().forEach(proxy -> proxy.cut(database));
      }

      private Stream<TcpProxy> proxies() {
        return IntStream.range(first, first + count)
            .mapToObj(databases::get)
            .filter(Objects::nonNull);
      }
    };
  }

  /** Holds up a cache server's way to its database. */
  void stallDatabaseOf(int cache) {
    TcpProxy proxy = databases.get(cache);
    if (proxy != null) {
      proxy.hold();
    }
  }

  /** Holds up everybody's. */
  void stallDatabases() {
    databases.values().forEach(TcpProxy::hold);
  }

  /** How a member is cut off. */
  enum Cut {
    BOTH_WAYS,
    /** It hears nobody. */
    INBOUND,
    /** Nobody hears it. */
    OUTBOUND
  }

  /** Cuts a member off from all others. */
  void isolate(int cache, Cut cut) {
    boolean in = cut != Cut.OUTBOUND;
    boolean out = cut != Cut.INBOUND;
    InetAddress own = address(cache);
    journals.forEach((other, proxy) -> {
      // What others opened to it carries their requests there and its answers back; what it opened
      // to them the reverse.
      Predicate<InetAddress> isIt = from -> from.equals(own);
      if (other == cache) {
        proxy.hold(from -> in, from -> out);
      } else {
        proxy.hold(isIt.and(from -> out), isIt.and(from -> in));
      }
    });
  }

  /** Lets everything go on. */
  void heal() {
    healDatabases();
    journals.values().forEach(TcpProxy::release);
  }

  void healDatabases() {
    databases.values().forEach(TcpProxy::release);
  }

  private static InetAddress address(int cache) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) (FIRST_ADDRESS + cache)});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    databases.values().forEach(TcpProxy::close);
    journals.values().forEach(TcpProxy::close);
  }
}
