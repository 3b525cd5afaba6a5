package io.weir.master.status;

import io.weir.model.Key;
import io.weir.model.KeyPath;
import io.weir.model.KeyStatus;
import io.weir.model.ListedServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/**
 * Asks a key's owner about it by {@code HEAD}: a browser could not follow a redirect to another
 * origin. Like any read, it brings the entry into the owner's memory. Where TLS is in force, a
 * server that has registered an http address is sent nothing, least of all this master's token.
 */
final class KeyProbe implements AutoCloseable {

  private final @Nullable Path tokenFile;
  private final Duration timeout;
  private final boolean httpsOnly;
  private volatile HttpClient client;

  /**
   * @param tls whether the master itself speaks TLS
   */
  KeyProbe(CacheAccessSettings settings, SslBundles bundles, boolean tls) {
    this.tokenFile = settings.cacheTokenFile();
    this.timeout = settings.cacheTimeout();
    String bundle = settings.cacheSslBundle();
    this.httpsOnly = tls || bundle != null;
    if (bundle == null) {
      this.client = client().build();
    } else {
      this.client = client().sslContext(bundles.getBundle(bundle).createSslContext()).build();
      bundles.addBundleUpdateHandler(
          bundle, renewed -> client = client().sslContext(renewed.createSslContext()).build());
    }
  }

  private HttpClient.Builder client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(timeout);
  }

  /**
   * What the owner says.
   *
   * @throws UnansweredException when it says nothing of the key; the message says why
   */
  KeyStatus.Entry ask(ListedServer owner, Key key)
      throws UnansweredException, InterruptedException {
    if (httpsOnly && !"https".equalsIgnoreCase(owner.url().getScheme())) {
      throw new UnansweredException(
          "Node "
              + owner.nodeId()
              + " at "
              + owner.url()
              + " is not asked: TLS is in force here, and its address is http.");
    }
    URI target = URI.create(owner.url() + KeyPath.of(key));
    HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(timeout).HEAD();
    if (tokenFile != null) {
      request.header("Authorization", "Bearer " + token(tokenFile));
    }
    HttpResponse<Void> answer;
    try {
      answer = client.send(request.build(), HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UnansweredException(
          "Node " + owner.nodeId() + " at " + owner.url() + " does not answer: " + reason(e) + ".");
    }
    return switch (answer.statusCode()) {
      case 200 -> found(answer.headers());
      case 404 -> new KeyStatus.Entry(false, null, null, null, cacheStatus(answer.headers()));
      case 401, 403 ->
          throw new UnansweredException(
              "Node "
                  + owner.nodeId()
                  + " refuses this master with "
                  + answer.statusCode()
                  + ": weir.master.cache-token-file must hold a token with the role 'read'.");
      case 421 ->
          throw new UnansweredException(
              "Node " + owner.nodeId() + " does not own the key any more; look again.");
      default ->
          throw new UnansweredException(
              "Node " + owner.nodeId() + " answered " + answer.statusCode() + ".");
    };
  }

  private static KeyStatus.Entry found(HttpHeaders headers) {
    OptionalLong size = headers.firstValueAsLong("Content-Length");
    return new KeyStatus.Entry(
        true,
        headers.firstValue("ETag").orElse(null),
        headers.firstValue("Content-Type").orElse(null),
        size.isPresent() ? size.getAsLong() : null,
        cacheStatus(headers));
  }

  private static @Nullable String cacheStatus(HttpHeaders headers) {
    return headers.firstValue("Cache-Status").orElse(null);
  }

  private static String token(Path file) throws UnansweredException {
    String token;
    try {
      token = Files.readString(file).strip();
    } catch (IOException e) {
      throw new UnansweredException(
          "weir.master.cache-token-file, "
              + file
              + ", cannot be read: "
              + e.getClass().getSimpleName()
              + ".");
    }
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new UnansweredException(
          "weir.master.cache-token-file, " + file + ", does not hold one token.");
    }
    return token;
  }

  private String reason(IOException failure) {
    return switch (failure) {
      case HttpTimeoutException _ -> "no answer within " + timeout.toMillis() + " ms";
      case ConnectException _ -> "the connection is refused";
      case SSLException e -> "TLS failed, " + e.getMessage();
      default -> failure.getClass().getSimpleName();
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
