package io.weir.redis;

import io.weir.lab.cluster.Cluster;
import io.weir.lab.cluster.ClusterPlan;
import io.weir.lab.cluster.Console;
import io.weir.lab.cluster.LocalCluster;
import io.weir.model.ListedServer;
import io.weir.model.Shard;
import io.weir.model.Topology;
import io.weir.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.JedisClusterCRC16;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the clients are tried on: a cluster of Weir in processes of its own. Or, for who doubts a
 * test rather than Weir, a cluster of Redis, one node of which is named by the environment: what
 * Weir says the same as Redis must then pass too.
 */
final class TestServers implements AutoCloseable {

  private static final String REDIS = "WEIR_TEST_REDIS_CLUSTER";

  private final HttpClient http = HttpClient.newHttpClient();
  private final @Nullable LocalCluster cluster;

  private TestServers(@Nullable LocalCluster cluster) {
    this.cluster = cluster;
  }

  /** Two shards of one server each, or what the environment names. */
  static TestServers twoShards() {
    return new TestServers(System.getenv(REDIS) == null ? cluster(2, 1, Map.of()) : null);
  }

  /** One shard of three members. */
  static TestServers threeMembers() {
    return new TestServers(cluster(1, 3, Map.of("weir.raft.election-timeout", "600ms")));
  }

  private static LocalCluster cluster(int shards, int members, Map<String, String> more) {
    System.setProperty("weir.home", Path.of("..").toAbsolutePath().normalize().toString());
    Map<String, String> settings = new HashMap<>(more);
    settings.put("springdoc.api-docs.enabled", "false");
    settings.put("springdoc.swagger-ui.enabled", "false");
    LocalCluster cluster =
        new LocalCluster(
            new ClusterPlan(
                shards, members, FreePorts.first(shards * members + 2), settings, List.of()),
            null,
            Cluster.CacheWiring.STRAIGHT,
            new Console(System.out, System.err, false));
    try {
      cluster.start();
      return cluster;
    } catch (InterruptedException e) {
      cluster.close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** Whether these are Weir's. */
  boolean areWeir() {
    return cluster != null;
  }

  LocalCluster cluster() {
    if (cluster == null) {
      throw new IllegalStateException("these are Redis");
    }
    return cluster;
  }

  /** A node that a client is told of; it finds the others. */
  HostAndPort seed() {
    return cluster == null ? HostAndPort.from(System.getenv(REDIS)) : leaders().getFirst();
  }

  /** The same as Lettuce takes it. */
  String seedUri() {
    return "redis://" + seed();
  }

  /** The fast ports of the servers that lead a shard. */
  List<HostAndPort> leaders() {
    return shards().map(TestServers::leader).map(TestServers::fastPort).toList();
  }

  /** The URL of the HTTP port of the server that leads the shard of a key. */
  String httpOf(String key) {
    return ownerOf(key).url().toString();
  }

  /** The URL of its fast port. */
  String fastOf(String key) {
    return fastUrl(ownerOf(key)).toString();
  }

  private ListedServer ownerOf(String key) {
    int slot = JedisClusterCRC16.getSlot(key);
    return leader(shards().filter(shard -> shard.owns(slot)).findFirst().orElseThrow());
  }

  private Stream<Shard> shards() {
    String caches = send("GET", cluster().masterUrl() + "/caches", null, null).body();
    return JsonMapper.shared().readValue(caches, Topology.class).shards().stream();
  }

  private static ListedServer leader(Shard shard) {
    return Objects.requireNonNull(shard.leader(), "a leader");
  }

  private static HostAndPort fastPort(ListedServer server) {
    URI url = fastUrl(server);
    return new HostAndPort(url.getHost(), url.getPort());
  }

  private static URI fastUrl(ListedServer server) {
    return Objects.requireNonNull(server.fastUrl(), "a fast port");
  }

  HttpResponse<String> get(String url) {
    return send("GET", url, null, null);
  }

  HttpResponse<String> put(String url, String value, String contentType) {
    return send("PUT", url, value, contentType);
  }

  private HttpResponse<String> send(
      String method, String url, @Nullable String body, @Nullable String contentType) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .version(HttpClient.Version.HTTP_1_1)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    if (cluster != null) {
      cluster.close();
      cluster.forget();
    }
  }
}
