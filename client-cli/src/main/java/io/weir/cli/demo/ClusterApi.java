package io.weir.cli.demo;

import io.weir.model.Topology;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the demo asks of the servers beside keys: health, topology, flush. */
final class ClusterApi implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** How long a server may take to write back all, in one request. */
  private static final Duration FLUSH = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  /**
   * What a flush left behind.
   *
   * @param flushed whether all that was dirty before is in the database
   */
  record Flush(boolean flushed, long dirtyEntries, long quarantinedEntries) {}

  /** Whether a server says that it is ready. */
  boolean isReady(String url) throws InterruptedException {
    HttpResponse<String> response = send(get(url + "/actuator/health/readiness"));
    return response != null && response.statusCode() == 200;
  }

  /** The topology; null when the master does not give it. */
  @Nullable Topology topology(String master) throws InterruptedException {
    HttpResponse<String> response = send(get(master + "/caches"));
    if (response == null || response.statusCode() != 200) {
      return null;
    }
    try {
      return JsonMapper.shared().readValue(response.body(), Topology.class);
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Has a cache server write back all that is dirty; null when it does not answer. */
  @Nullable Flush flush(String url) throws InterruptedException {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(URI.create(url + "/actuator/writeback"))
                .timeout(FLUSH.plus(TIMEOUT))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"timeout\":\"" + FLUSH.toSeconds() + "s\"}"))
                .build());
    if (response == null || response.statusCode() != 200) {
      return null;
    }
    JsonNode body = JsonMapper.shared().readTree(response.body());
    return new Flush(
        body.path("flushed").asBoolean(),
        body.path("dirtyEntries").asLong(),
        body.path("quarantinedEntries").asLong());
  }

  /** Has a leader hand over. Returns whether another leads now. */
  boolean transfer(String url) throws InterruptedException {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(URI.create(url + "/actuator/raft"))
                .timeout(FLUSH.plus(TIMEOUT))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"transfer\":true}"))
                .build());
    return response != null && response.statusCode() == 204;
  }

  private static HttpRequest get(String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
  }

  private @Nullable HttpResponse<String> send(HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
