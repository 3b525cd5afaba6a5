package io.weir.cache.membership;

import io.weir.model.NodeId;
import io.weir.model.RegistrationRequest;
import io.weir.model.RegistrationResponse;
import io.weir.model.Topology;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.HttpStatusCodeException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/**
 * The masters, as one: a request goes to the one that answered last, and on to the next when it
 * does not answer. Blocks; used by one thread.
 */
public final class MasterClient {

  private static final ParameterizedTypeReference<Map<String, Object>> PROBLEM =
      new ParameterizedTypeReference<>() {};

  private final List<URI> masters;
  private final Duration timeout;
  private final @Nullable Supplier<String> token;
  private final @Nullable Supplier<SSLContext> tls;
  private volatile int current;
  private volatile Connected connected;

  /** A client, and the certificates that it was made with. */
  private record Connected(RestClient http, @Nullable SSLContext tls) {}

  /**
   * @param token that is shown with each request, asked for each time; null to show none
   * @param tls certificates for https, asked for each time; null for what the JDK trusts
   */
  public MasterClient(
      MasterAccessSettings settings,
      @Nullable Supplier<String> token,
      @Nullable Supplier<SSLContext> tls) {
    this.masters = settings.urls();
    this.timeout = settings.timeout();
    this.token = token;
    this.tls = tls;
    this.connected = connect(tls == null ? null : tls.get());
  }

  private Connected connect(@Nullable SSLContext context) {
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
    return new Connected(http, context);
  }

  /** The client; another once there are other certificates, since it keeps those it began with. */
  private RestClient http() {
    if (tls != null) {
      SSLContext context = tls.get();
      if (!context.equals(connected.tls())) {
        connected = connect(context);
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
    return anyMaster(master ->
        http()
            .post()
            .uri(master.resolve("/register"))
            .contentType(MediaType.APPLICATION_JSON)
            .body(request)
            .retrieve()
            .body(RegistrationResponse.class));
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
    return anyMaster(
        master -> http().get().uri(master.resolve("/caches")).retrieve().body(Topology.class));
  }

  private <T> T anyMaster(Function<URI, @Nullable T> request) {
    RestClientException last = new RestClientException("the answer has no body");
    for (int i = 0; i < masters.size(); i++) {
      int index = (current + i) % masters.size();
      try {
        T answer = request.apply(masters.get(index));
        if (answer != null) {
          current = index;
          return answer;
        }
      } catch (HttpClientErrorException.Conflict | HttpClientErrorException.BadRequest e) {
        current = index;
        throw new RegistrationRefusedException(detail(e));
      } catch (HttpClientErrorException.Unauthorized | HttpClientErrorException.Forbidden e) {
        last = new RestClientException(refusedToken(e), e);
      } catch (HttpServerErrorException.ServiceUnavailable e) {
        last = new RestClientException("503: " + detail(e), e);
      } catch (RestClientException e) {
        // Any other status is no answer of a master's: of a proxy's, or of something else there.
        last = e;
      }
    }
    throw new MasterUnreachableException(
        "no master answers at " + masters + ": " + reason(last), last);
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
    try {
      Map<String, Object> problem = e.getResponseBodyAs(PROBLEM);
      if (problem != null && problem.get("detail") instanceof String detail) {
        return detail;
      }
    } catch (RestClientException unreadable) {
      // Not a problem of ours: the status has to do.
    }
    return "the master answered " + e.getStatusCode();
  }
}
