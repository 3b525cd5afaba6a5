package io.weir.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.ClusterStatus;
import io.weir.model.RegistrationRequest;
import io.weir.model.RegistrationResponse;
import io.weir.model.Topology;
import io.weir.testing.TestSchema;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** A whole master on a port of its own, and a client of it. */
final class RunningMaster implements AutoCloseable {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;

  private RunningMaster(ConfigurableApplicationContext context) {
    this.context = context;
    this.url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  static RunningMaster over(TestSchema schema, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(settings));
    arguments.add("--server.port=0");
    arguments.add("--weir.master.database.url=" + schema.url());
    arguments.add("--weir.master.database.username=" + schema.username());
    arguments.add("--weir.master.database.password=" + schema.password());
    return new RunningMaster(
        new SpringApplicationBuilder(MasterApplication.class)
            .run(arguments.toArray(String[]::new)));
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  int port() {
    return URI.create(url).getPort();
  }

  RegistrationResponse register(RegistrationRequest request) {
    HttpResponse<String> response = tryRegister(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readValue(response.body(), RegistrationResponse.class);
  }

  HttpResponse<String> tryRegister(RegistrationRequest request) {
    return send(
        to("/register")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(request))));
  }

  Topology caches() {
    return topology(get("/caches"));
  }

  ClusterStatus status() {
    HttpResponse<String> response = get("/status");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readValue(response.body(), ClusterStatus.class);
  }

  Topology topology(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Objects.requireNonNull(MAPPER.readValue(response.body(), Topology.class));
  }

  HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = to(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.GET());
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
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
    client.close();
  }
}
