package io.weir.cache.membership;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.weir.model.ClusterId;
import io.weir.model.GroupMember;
import io.weir.model.HashSlots;
import io.weir.model.ListedServer;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.NodeState;
import io.weir.model.RegistrationRequest;
import io.weir.model.RegistrationResponse;
import io.weir.model.Shard;
import io.weir.model.ShardId;
import io.weir.model.SlotRange;
import io.weir.model.Topology;
import io.weir.model.TopologyState;
import io.weir.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A master of one shard, which answers as a test tells it to and notes what it is asked. */
public final class FakeMaster implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  public final List<RegistrationRequest> registrations = new CopyOnWriteArrayList<>();
  public final List<NodeId> deregistrations = new CopyOnWriteArrayList<>();

  public volatile ClusterId cluster = ClusterId.random();

  /** The Authorization header of each registration. */
  public final List<String> authorizations = new CopyOnWriteArrayList<>();

  /** What it assigns; none makes every server a spare. */
  public volatile List<SlotRange> ranges = List.of(new SlotRange(0, HashSlots.COUNT - 1));

  /** The shard's servers that it lists. */
  public volatile List<GroupMember> members = List.of();

  /** The largest generation that it has heard of; null as a master of an earlier release. */
  public volatile @Nullable Long claimedGeneration;

  public volatile long version = 1;
  public volatile long heartbeatMillis = 50;

  /** So long that nothing is late on the slowest machine. */
  public volatile long leaseMillis = 600_000;

  /** A status that answers every registration, with a detail if it is a problem. */
  public volatile int refusal;

  public volatile @Nullable String detail = "another server holds the shard";

  /** Further members of the problem, each with its comma. */
  public volatile String more = "";

  /** Holds registrations back until it is counted down. */
  public volatile CountDownLatch gate = new CountDownLatch(0);

  /** Called with each registration, before the gate. */
  public volatile Runnable arrived = () -> {};

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  public FakeMaster() {
    this(FreePorts.next());
  }

  public FakeMaster(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/register", this::register);
    server.createContext("/caches", exchange -> send(exchange, 200, topology()));
    server.setExecutor(threads);
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Lists the shard's servers from now on. */
  public void list(GroupMember... listed) {
    members = List.of(listed);
  }

  /** The last registration; fails when there is none. */
  public RegistrationRequest last() {
    return registrations.getLast();
  }

  private void register(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("DELETE")) {
      String path = exchange.getRequestURI().getPath();
      deregistrations.add(new NodeId(path.substring(path.lastIndexOf('/') + 1)));
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
      return;
    }
    RegistrationRequest request =
        JSON.readValue(exchange.getRequestBody().readAllBytes(), RegistrationRequest.class);
    registrations.add(request);
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    arrived.run();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (refusal != 0) {
      String body =
          detail == null
              ? "<html>"
              : "{\"status\": " + refusal + ", \"detail\": \"" + detail + "\"" + more + "}";
      send(
          exchange,
          refusal,
          body.getBytes(StandardCharsets.UTF_8),
          detail == null ? "text/html" : "application/problem+json");
      return;
    }
    send(
        exchange,
        200,
        new RegistrationResponse(
            version,
            cluster,
            1,
            request.shardId(),
            ranges,
            NodeRole.LEADER,
            members,
            claimedGeneration,
            leaseMillis,
            heartbeatMillis));
  }

  private Topology topology() {
    RegistrationRequest server = registrations.isEmpty() ? null : registrations.getLast();
    ShardId shard = server == null ? ShardId.random() : server.shardId();
    ListedServer leader =
        server == null
            ? null
            : new ListedServer(server.nodeId(), server.advertisedUrl(), NodeState.UP);
    return new Topology(
        version,
        HashSlots.COUNT,
        TopologyState.SERVING,
        List.of(
            new Shard(shard, List.of(new SlotRange(0, HashSlots.COUNT - 1)), 1, leader, List.of())),
        List.of(),
        null,
        null);
  }

  private static void send(HttpExchange exchange, int status, Object body) throws IOException {
    send(exchange, status, JSON.writeValueAsBytes(body), "application/json");
  }

  private static void send(HttpExchange exchange, int status, byte[] body, String type)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
    threads.shutdown();
  }
}
