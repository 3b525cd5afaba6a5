package io.weir.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeState;
import io.weir.model.Shard;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A master and two cache servers that keep their entries in memory, in one process. Enough of the
 * protocol for the command line; the master does not hold answers back.
 */
public final class FakeCluster implements AutoCloseable {

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // Its default closes connections beyond this number, which the load would count as errors.
    System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
  }

  /** What a key holds; nobody compares two. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Stored(byte[] value, @Nullable String contentType, long version) {}

  public final Map<Key, Stored> entries = new ConcurrentHashMap<>();
  private final AtomicLong versions = new AtomicLong(100);
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<HttpServer> caches = new ArrayList<>();
  private final HttpServer master;

  /** What becomes of writes. */
  public enum Writes {
    ANSWERED,
    /** Applied, and the connection closed without an answer. */
    DROPPED,
    /** Neither applied nor answered. */
    HANGING
  }

  /** When set, the one token that is let in. */
  public volatile @Nullable String token;

  /** How many requests showed another. */
  public final AtomicLong refused = new AtomicLong();

  /** When set, the status that every write is refused with. */
  public volatile int refuseWrites;

  public volatile Writes writes = Writes.ANSWERED;

  private static final Set<String> FOR_OPERATORS =
      Set.of(
          "/actuator/writeback",
          "/actuator/database",
          "/actuator/drain",
          "/actuator/rescue",
          "/actuator/quarantine",
          "/actuator/entries");

  /** The master among the servers that an operator asks; the others count from 0. */
  static final int MASTER = -1;

  /** What a server answers an operator: JSON with status 200, or a problem's name. */
  public record OperatorAnswer(int status, String body) {}

  /** Answers operators. */
  public interface Operator {
    OperatorAnswer answer(int server, String methodAndPath, String query, String body);
  }

  public volatile Operator operator =
      (server, method, query, body) -> new OperatorAnswer(404, "no");

  /** The times to live that were asked for, in milliseconds. */
  public final Map<Key, Long> ttls = new ConcurrentHashMap<>();

  /** When above 0, every so many-th read returns the value before the one that is there. */
  public volatile int staleEvery;

  /** Whether each server is the replica of the other; to be set before anybody asks. */
  public volatile boolean replicas;

  /** The fast ports of the two servers, as the topology lists them; empty for none. */
  public volatile List<URI> fastUrls = List.of();

  /** What the cache servers give as their metrics; null for none. */
  public volatile @Nullable String metrics;

  private final Map<Key, Stored> previous = new ConcurrentHashMap<>();
  private final AtomicLong reads = new AtomicLong();

  /** Reads that each server has answered, by the first of its slots. */
  private final Map<Integer, AtomicLong> readsByServer = new ConcurrentHashMap<>();

  private volatile long pausedUntil = System.nanoTime();
  private final CountDownLatch closing = new CountDownLatch(1);

  public FakeCluster() {
    for (int i = 0; i < 2; i++) {
      SlotRange owned = SlotRange.split(2).get(i);
      int server = i;
      caches.add(start(exchange -> cache(exchange, server, owned)));
    }
    master =
        start(exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (path.equals("/status") || path.startsWith("/shards/")) {
            operate(exchange, MASTER);
          } else {
            caches(exchange);
          }
        });
  }

  private void cache(HttpExchange exchange, int server, SlotRange owned) throws IOException {
    if (FOR_OPERATORS.contains(exchange.getRequestURI().getPath())) {
      operate(exchange, server);
    } else {
      kv(exchange, owned);
    }
  }

  private void operate(HttpExchange exchange, int server) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String query = exchange.getRequestURI().getRawQuery();
    OperatorAnswer answer =
        operator.answer(
            server,
            exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath(),
            query == null ? "" : query,
            body);
    if (answer.status() != 200) {
      problem(exchange, answer.status(), answer.body());
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    send(exchange, 200, answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private HttpServer start(com.sun.net.httpserver.HttpHandler handler) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(executor);
      server.createContext(
          "/",
          exchange -> {
            String shown = exchange.getRequestHeaders().getFirst("Authorization");
            if (token == null || ("Bearer " + token).equals(shown)) {
              handler.handle(exchange);
            } else {
              refused.incrementAndGet();
              exchange.getRequestBody().readAllBytes();
              send(exchange, 401, new byte[0]);
            }
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether both servers have answered so many reads. */
  public boolean bothHaveAnswered(long each) {
    return readsByServer.size() == 2
        && readsByServer.values().stream().allMatch(count -> count.get() >= each);
  }

  public String masterUrl() {
    return "http://127.0.0.1:" + master.getAddress().getPort();
  }

  public String cacheUrl(int index) {
    return "http://127.0.0.1:" + caches.get(index).getAddress().getPort();
  }

  private Topology topology() {
    List<Shard> shards = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      ListedServer leader =
          new ListedServer(
              new NodeId("cache-" + (i + 1)),
              URI.create(cacheUrl(i)),
              NodeState.UP,
              fastUrls.isEmpty() ? null : fastUrls.get(i));
      shards.add(
          new Shard(
              new ShardId(new UUID(i + 1L, 0)),
              List.of(SlotRange.split(2).get(i)),
              3,
              leader,
              replicas
                  ? List.of(
                      new ListedServer(
                          new NodeId("cache-" + (2 - i)),
                          URI.create(cacheUrl(1 - i)),
                          NodeState.UP))
                  : List.of()));
    }
    return new Topology(7, HashSlots.COUNT, TopologyState.SERVING, shards, List.of(), null, null);
  }

  private void caches(HttpExchange exchange) throws IOException {
    String known = exchange.getRequestHeaders().getFirst("If-None-Match");
    if ("\"7\"".equals(known)) {
      send(exchange, 304, new byte[0]);
    } else {
      send(exchange, 200, JsonMapper.shared().writeValueAsBytes(topology()));
    }
  }

  /** Lets no cache server answer for a key for a while, counted from now. */
  public void pause(Duration time) {
    pausedUntil = System.nanoTime() + time.toNanos();
  }

  private void awaitEndOfPause() throws IOException {
    try {
      boolean _ = closing.await(pausedUntil - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("closed during a pause");
    }
  }

  private void kv(HttpExchange exchange, SlotRange owned) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (exchange.getRequestURI().getPath().equals("/actuator/prometheus")) {
      String text = metrics;
      send(
          exchange,
          text == null ? 404 : 200,
          String.valueOf(text).getBytes(StandardCharsets.UTF_8));
      return;
    }
    awaitEndOfPause();
    exchange.getResponseHeaders().set("Weir-Topology-Version", "7");
    Key key = KeyPath.decode(exchange.getRequestURI().getRawPath().substring(4));
    boolean fromAny =
        replicas
            && "linearizable".equals(exchange.getRequestHeaders().getFirst("Weir-Consistency"));
    if (!owned.contains(key.slot()) && !fromAny) {
      problem(exchange, 421, "not-owner");
    } else if (exchange.getRequestMethod().equals("GET")) {
      readsByServer.computeIfAbsent(owned.first(), first -> new AtomicLong()).incrementAndGet();
      get(exchange, key);
    } else if (refuseWrites != 0) {
      problem(exchange, refuseWrites, "too-much-dirty");
    } else {
      write(exchange, key, body);
    }
  }

  private void get(HttpExchange exchange, Key key) throws IOException {
    Stored stored = entries.get(key);
    if (staleEvery > 0 && reads.incrementAndGet() % staleEvery == 0) {
      stored = previous.getOrDefault(key, stored);
    }
    exchange
        .getResponseHeaders()
        .set("Cache-Status", stored == null ? "weir; fwd=miss; stored" : "weir; hit");
    if (stored == null) {
      problem(exchange, 404, "not-found");
      return;
    }
    exchange.getResponseHeaders().set("ETag", "\"" + stored.version() + "\"");
    if (stored.contentType() != null) {
      exchange.getResponseHeaders().set("Content-Type", stored.contentType());
    }
    send(exchange, 200, stored.value());
  }

  private void write(HttpExchange exchange, Key key, byte[] body) throws IOException {
    if (writes == Writes.DROPPED) {
      entries.put(key, new Stored(body, null, versions.incrementAndGet()));
      exchange.close();
      return;
    }
    if (writes == Writes.HANGING) {
      hang(exchange);
      return;
    }
    String ifMatch = exchange.getRequestHeaders().getFirst("If-Match");
    Stored before = entries.get(key);
    boolean holds =
        (ifMatch == null || (before != null && ifMatch.equals("\"" + before.version() + "\"")))
            && (before == null || !exchange.getRequestHeaders().containsKey("If-None-Match"));
    if (!holds) {
      problem(exchange, 412, "precondition-failed");
      return;
    }
    long version = versions.incrementAndGet();
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null && query.startsWith("ttl=")) {
      ttls.put(key, Long.parseLong(query.substring(4, query.length() - 2)));
    }
    if (exchange.getRequestMethod().equals("DELETE")) {
      entries.remove(key);
    } else {
      String contentType = exchange.getRequestHeaders().getFirst("Content-Type");
      Stored replaced = entries.put(key, new Stored(body, contentType, version));
      if (replaced != null) {
        previous.put(key, replaced);
      }
    }
    exchange.getResponseHeaders().set("ETag", "\"" + version + "\"");
    exchange.getResponseHeaders().set("Weir-Durability", "memory");
    send(exchange, 204, new byte[0]);
  }

  private void hang(HttpExchange exchange) {
    try (exchange) {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void problem(HttpExchange exchange, int status, String name) throws IOException {
    String json =
        "{\"type\":\"urn:weir:problem:%s\",\"title\":\"T\",\"status\":%d,\"detail\":\"because\"}"
            .formatted(name, status);
    exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
    send(exchange, status, json.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  public void stopCache(int index) {
    caches.get(index).stop(0);
  }

  @Override
  public void close() {
    closing.countDown();
    master.stop(0);
    caches.forEach(cache -> cache.stop(0));
    executor.shutdownNow();
  }
}
