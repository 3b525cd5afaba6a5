package io.weir.cache.membership;

import io.weir.model.Authority;
import io.weir.model.FirstAnswer;
import io.weir.model.Gzip;
import io.weir.model.NodeId;
import io.weir.model.ProblemType;
import io.weir.model.RegistrationRequest;
import io.weir.model.RegistrationResponse;
import io.weir.model.Topology;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.HttpStatusCodeException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The masters, as one: a request goes to the one that answered last, and on to the next when it
 * does not answer, or not soon.
 *
 * <p>No request takes longer than a quarter of the lease, and the next master is asked after half
 * of that, or a second: a master that hangs, with its connections open, must not make the others
 * list this server as down. With one address, which may stand for several masters, that is asked
 * once more, by another connection.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads; blocks.
 */
public final class MasterClient {

  private static final ParameterizedTypeReference<Map<String, Object>> PROBLEM =
      new ParameterizedTypeReference<>() {};

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** Some hundred bytes for each server. */
  private static final int LARGEST_TOPOLOGY = 64 << 20;

  /** However short the lease: less would cut off what a busy machine answers. */
  private static final Duration LEAST_TIMEOUT = Duration.ofMillis(250);

  /** While no master has told the lease. */
  private static final Duration LATEST = Duration.ofSeconds(1);

  private final List<URI> masters;
  private final Duration longest;
  private final @Nullable Supplier<String> token;
  private final @Nullable Supplier<SSLContext> tls;
  private volatile int current;
  private volatile Connected connected;

  /** A client, and what it was made with. */
  private record Connected(RestClient http, @Nullable SSLContext tls, Duration timeout) {}

  /** What a master has decided: the answer, or why not. */
  private record Decision<T>(@Nullable T answer, @Nullable RegistrationRefusedException refusal) {}

  /**
   * @param token that is shown with each request, asked for each time; null to show none
   * @param tls certificates for https, asked for each time; null for what the JDK trusts
   */
  public MasterClient(
      MasterAccessSettings settings,
      @Nullable Supplier<String> token,
      @Nullable Supplier<SSLContext> tls) {
    this(settings, token, tls, ThreadLocalRandom.current().nextInt(settings.urls().size()));
  }

  /**
   * @param first the index of the master to begin with; else one at random, so that not all servers
   *     use the same
   */
  MasterClient(
      MasterAccessSettings settings,
      @Nullable Supplier<String> token,
      @Nullable Supplier<SSLContext> tls,
      int first) {
    this.masters = settings.urls();
    this.longest = settings.timeout();
    this.token = token;
    this.tls = tls;
    this.current = first;
    this.connected = connect(tls == null ? null : tls.get(), longest);
  }

  private Connected connect(@Nullable SSLContext context, Duration timeout) {
    HttpClient.Builder client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout);
    if (context != null) {
      client.sslContext(context);
    }
    JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(client.build());
    factory.setReadTimeout(timeout);
    RestClient http =
        RestClient.builder()
            .requestFactory(factory)
            .requestInterceptor((request, body, execution) -> {
              if (token != null) {
                request.getHeaders().setBearerAuth(token.get());
              }
              return execution.execute(request, body);
            })
            .build();
    return new Connected(http, context, timeout);
  }

  /** The client; another once there are other certificates, since it keeps those it began with. */
  private RestClient http() {
    if (tls != null) {
      SSLContext context = tls.get();
      if (!context.equals(connected.tls())) {
        connected = connect(context, connected.timeout());
      }
    }
    return connected.http();
  }

  /**
   * Registers, or renews the lease.
   *
   * @throws RegistrationRefusedException when a master will not have this server: it answers 409 or
   *     400
   * @throws MasterUnreachableException when no master answers
   */
  public RegistrationResponse register(RegistrationRequest request) {
    RegistrationResponse response =
        anyMaster(master ->
            http()
                .post()
                .uri(master.resolve("/register"))
                .contentType(MediaType.APPLICATION_JSON)
                .body(request)
                .retrieve()
                .body(RegistrationResponse.class));
    keepWithin(Duration.ofMillis(response.leaseMillis()));
    return response;
  }

  private void keepWithin(Duration lease) {
    Duration quarter = lease.dividedBy(4);
    Duration timeout = quarter.compareTo(LEAST_TIMEOUT) < 0 ? LEAST_TIMEOUT : quarter;
    timeout = timeout.compareTo(longest) > 0 ? longest : timeout;
    Connected now = connected;
    if (!timeout.equals(now.timeout())) {
      connected = connect(now.tls(), timeout);
    }
  }

  /**
   * Takes this server off the list.
   *
   * @throws MasterUnreachableException when no master answers
   */
  public void deregister(NodeId node) {
    anyMaster(master ->
        http().delete().uri(master.resolve("/register/" + node)).retrieve().toBodilessEntity());
  }

  /**
   * Reads the topology.
   *
   * @throws MasterUnreachableException when no master answers
   */
  public Topology topology() {
    return anyMaster(master -> {
      ResponseEntity<byte[]> response =
          http()
              .get()
              .uri(master.resolve("/caches"))
              .header(HttpHeaders.ACCEPT_ENCODING, "gzip")
              .retrieve()
              .toEntity(byte[].class);
      byte[] body = response.getBody();
      return body == null ? null : topology(response, body);
    });
  }

  private static Topology topology(ResponseEntity<byte[]> response, byte[] body) {
    String encoding = response.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING);
    try {
      return JSON.readValue(
          "gzip".equals(encoding) ? Gzip.unpack(body, LARGEST_TOPOLOGY) : body, Topology.class);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new RestClientException("the answer is no topology: " + e.getMessage(), e);
    }
  }

  private <T> T anyMaster(Function<URI, @Nullable T> request) {
    int first = current;
    int attempts = Math.max(2, masters.size());
    List<Callable<Decision<T>>> calls = new ArrayList<>();
    for (int i = 0; i < attempts; i++) {
      URI master = masters.get((first + i) % masters.size());
      calls.add(() -> ask(master, request));
    }
    Duration half = connected.timeout().dividedBy(2);
    FirstAnswer<Decision<T>> firstAnswer;
    try {
      firstAnswer = FirstAnswer.of(calls, half.compareTo(LATEST) < 0 ? half : LATEST);
    } catch (FirstAnswer.NoneException none) {
      Exception last = none.failures().getLast();
      throw new MasterUnreachableException(
          "no master answers at " + masters + ": " + reason(last), last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MasterUnreachableException("interrupted while asking " + masters, e);
    }
    current = (first + firstAnswer.index()) % masters.size();
    Decision<T> decision = Objects.requireNonNull(firstAnswer.value());
    if (decision.refusal() != null) {
      throw decision.refusal();
    }
    return Objects.requireNonNull(decision.answer());
  }

  /** Throws where the master has decided nothing, so that another may. */
  private <T> Decision<T> ask(URI master, Function<URI, @Nullable T> request) {
    try {
      T answer = request.apply(resolved(master));
      if (answer == null) {
        throw new RestClientException("the answer has no body");
      }
      return new Decision<>(answer, null);
    } catch (HttpClientErrorException.Conflict | HttpClientErrorException.BadRequest e) {
      boolean foreign = ProblemType.FOREIGN_SHARD.uri().toString().equals(problem(e).get("type"));
      return new Decision<>(null, new RegistrationRefusedException(detail(e), lease(e), foreign));
    } catch (HttpClientErrorException.Unauthorized | HttpClientErrorException.Forbidden e) {
      throw new RestClientException(refusedToken(e), e);
    } catch (HttpServerErrorException.ServiceUnavailable e) {
      throw new RestClientException("503: " + detail(e), e);
    }
    // Any other status is no answer of a master's: of a proxy's, or of something else there.
  }

  /** The JDK's client takes no name with an underscore, so for such a one its address. */
  private static URI resolved(URI master) {
    Authority authority = Authority.of(master);
    if (master.getHost() != null || authority == null) {
      return master;
    }
    try {
      String address = InetAddress.getByName(authority.host()).getHostAddress();
      String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
      return URI.create(
          master.getScheme() + "://" + host + (authority.port() < 0 ? "" : ":" + authority.port()));
    } catch (UnknownHostException e) {
      throw new RestClientException("the name " + authority.host() + " is unknown", e);
    }
  }

  private String refusedToken(HttpClientErrorException e) {
    return (token == null
            ? "the master asks for a token, and weir.master.token-file is not set"
            : "the master refuses the token of weir.master.token-file (" + token + ")")
        + ": "
        + detail(e);
  }

  /** The deepest cause, whose message says most; what the JDK puts below a refusal says nothing. */
  private static String reason(Throwable failure) {
    if (failure.getCause() instanceof HttpStatusCodeException) {
      return String.valueOf(failure.getMessage());
    }
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
      if (deepest instanceof ConnectException) {
        return "connection refused";
      }
    }
    String message = deepest.getMessage();
    return deepest.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static String detail(HttpStatusCodeException e) {
    return problem(e).get("detail") instanceof String detail
        ? detail
        : "the master answered " + e.getStatusCode();
  }

  private static Duration lease(HttpStatusCodeException e) {
    return problem(e).get("leaseMillis") instanceof Number millis
        ? Duration.ofMillis(Math.max(0, millis.longValue()))
        : Duration.ZERO;
  }

  /** Empty for what is no problem of ours: the status has to do. */
  private static Map<String, Object> problem(HttpStatusCodeException e) {
    try {
      Map<String, Object> problem = e.getResponseBodyAs(PROBLEM);
      return problem == null ? Map.of() : problem;
    } catch (RestClientException unreadable) {
      return Map.of();
    }
  }
}
