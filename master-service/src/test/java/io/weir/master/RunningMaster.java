package io.weir.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.ClusterStatus;
import io.weir.model.NodeId;
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
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** A whole master on a port of its own, and a client of it. */
public final class RunningMaster implements AutoCloseable {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Whether the VM's logging is set up: once, because two masters that start at a time cannot. */
  private static final AtomicBoolean LOGGING = new AtomicBoolean();

  private final ConfigurableApplicationContext context;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;

  private RunningMaster(ConfigurableApplicationContext context) {
    this.context = context;
    this.url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  static RunningMaster over(TestSchema schema, String... settings) {
    return start(
        List.of(settings),
        "--weir.master.database.url=" + schema.url(),
        "--weir.master.database.username=" + schema.username(),
        "--weir.master.database.password=" + schema.password());
  }

  /** Over a registry in this process. */
  public static RunningMaster alone(String... settings) {
    return start(
        List.of(settings),
        "--weir.master.database.url=jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
  }

  private static RunningMaster start(List<String> settings, String... database) {
    List<String> arguments = new ArrayList<>(settings);
    arguments.add("--server.port=0");
    if (settings.stream().noneMatch(setting -> setting.startsWith("--weir.master.found="))) {
      arguments.add("--weir.master.found=true");
    }
    arguments.addAll(List.of(database));
    SpringApplication application =
        new SpringApplicationBuilder(MasterApplication.class).application();
    if (LOGGING.getAndSet(true)) {
      application.setListeners(
          application.getListeners().stream()
              .filter(listener -> !(listener instanceof LoggingApplicationListener))
              .toList());
    }
    return new RunningMaster(application.run(arguments.toArray(String[]::new)));
  }

  public String url() {
    return url;
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  int port() {
    return URI.create(url).getPort();
  }

  public RegistrationResponse register(RegistrationRequest request) {
    HttpResponse<String> response = tryRegister(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readValue(response.body(), RegistrationResponse.class);
  }

  public void deregister(NodeId node) {
    assertThat(send(to("/register/" + node).DELETE()).statusCode()).isEqualTo(204);
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

  public ClusterStatus status() {
    HttpResponse<String> response = get("/status");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readValue(response.body(), ClusterStatus.class);
  }

  Topology topology(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Objects.requireNonNull(MAPPER.readValue(response.body(), Topology.class));
  }

  public HttpResponse<String> get(String path, String... headers) {
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
