package io.weir.cache.server;

import io.weir.cache.journal.JournalFormat;
import io.weir.model.GroupMember;
import io.weir.model.JournalFormats;
import io.weir.model.NodeId;
import io.weir.model.NodeRole;
import io.weir.model.NodeState;
import io.weir.testing.FreePorts;
import io.weir.testing.TestSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole cache server on a free port, with short times. */
final class RunningServer implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** Where the node of a shard lives, and is found again after a restart. */
  private record Place(Path directory, int port, int raftPort) {

    static Place make() {
      try {
        return new Place(
            Files.createTempDirectory("weir-server-"), FreePorts.next(), FreePorts.next());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final Map<String, Place> PLACES = new ConcurrentHashMap<>();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  final int port;
  final List<Integer> exits = new CopyOnWriteArrayList<>();
  private final ConfigurableApplicationContext context;

  private RunningServer(String node, TestSchema schema, String url, URI master, String... more) {
    Place place = PLACES.computeIfAbsent(schema.url() + " " + node, key -> Place.make());
    this.port = place.port();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=" + port,
                "--weir.node-id=" + node,
                "--weir.fast.enabled=true",
                "--weir.fast.port=0",
                "--weir.advertise.url=http://127.0.0.1:" + port,
                "--weir.master.urls=" + master,
                "--weir.master.timeout=10s",
                "--weir.data-dir=" + place.directory(),
                "--weir.raft.port=" + place.raftPort(),
                "--weir.raft.election-timeout=2s",
                "--weir.raft.members=3",
                "--weir.database.url=" + url,
                "--weir.database.username=" + schema.username(),
                "--weir.database.password=" + schema.password(),
                "--weir.database.connect-timeout=10s",
                "--weir.database.pool-timeout=10s",
                "--weir.database.socket-timeout=30s",
                "--weir.database.lock-timeout=10s",
                "--weir.cache.max-bytes=5MiB",
                "--weir.cache.stripes=4",
                "--weir.write-back.max-age=20ms",
                "--weir.write-back.min-retry-delay=10ms",
                "--weir.write-back.max-retry-delay=100ms",
                "--weir.ttl.clean-interval=100ms",
                "--weir.ttl.margin=0ms",
                "--springdoc.api-docs.enabled=false"));
    for (String argument : more) {
      // Given twice, they would be a list.
      String name = argument.substring(0, argument.indexOf('=') + 1);
      arguments.removeIf(other -> other.startsWith(name));
      arguments.add(argument);
    }
    this.context =
        new SpringApplicationBuilder(CacheApplication.class)
            .initializers((GenericApplicationContext starting) ->
                starting.registerBean(
                    "testExit",
                    ProcessExit.class,
                    () -> exits::add,
                    definition -> definition.setPrimary(true)))
            .run(arguments.toArray(String[]::new));
  }

  static RunningServer start(String node, TestSchema schema, URI master, String... more) {
    return new RunningServer(node, schema, schema.url(), master, more);
  }

  /** Starts it with another way to its database. */
  static RunningServer startAt(
      String node, TestSchema schema, String url, URI master, String... more) {
    return new RunningServer(node, schema, url, master, more);
  }

  /** The port that a node will have. */
  static int portOf(String node, TestSchema schema) {
    return PLACES.computeIfAbsent(schema.url() + " " + node, key -> Place.make()).port();
  }

  /** Where a node keeps its journal. */
  static Path journalOf(String node, TestSchema schema) {
    return PLACES
        .computeIfAbsent(schema.url() + " " + node, key -> Place.make())
        .directory()
        .resolve("journal");
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  ShardServer shard() {
    return context.getBean(ShardServer.class);
  }

  HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = request(path).GET();
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  /** What a master would list it as. */
  GroupMember member() {
    return new GroupMember(
        new NodeId("node-" + port),
        URI.create("http://127.0.0.1:" + port),
        NodeRole.REPLICA,
        NodeState.UP,
        shard().group().member().toString(),
        new JournalFormats(JournalFormat.HIGHEST, JournalFormat.FIRST),
        null);
  }

  HttpResponse<String> put(String path, String body, String... headers) {
    HttpRequest.Builder request = request(path).PUT(BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE());
  }

  JsonNode json(String path) {
    return JSON.readTree(get(path).body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
