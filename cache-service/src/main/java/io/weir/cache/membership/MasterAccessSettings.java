package io.weir.cache.membership;

import io.weir.model.Authority;
import io.weir.web.Bounds;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the masters are.
 *
 * @param urls any number of masters over one registry; a random one is asked first, and the next
 *     when it does not answer
 * @param timeout how long one request to a master may take; at most a quarter of the lease, once a
 *     master has told it
 * @param tokenFile a file with the token that this server shows to the masters, of role {@code
 *     cluster}; it is read for each request
 * @param ssl what this server trusts and shows when a master is reached by https
 */
@Validated
@ConfigurationProperties(prefix = "weir.master", ignoreUnknownFields = false)
public record MasterAccessSettings(
    @DefaultValue("http://127.0.0.1:7400") List<URI> urls,
    @DefaultValue("5s") Duration timeout,
    @Nullable Path tokenFile,
    @DefaultValue Ssl ssl) {

  /**
   * Encryption of what is asked of the masters.
   *
   * @param bundle the SSL bundle with the authority of the masters' certificates and, for mutual
   *     TLS, this server's own. None: what the JDK trusts.
   */
  public record Ssl(@Nullable String bundle) {}

  public MasterAccessSettings {
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("weir.master.urls is empty, it must name a master");
    }
    for (URI url : urls) {
      if (!isRoot(url)) {
        throw new IllegalArgumentException(
            "weir.master.urls has '" + url + "', it must be of the form http://host:port");
      }
    }
    for (URI url : urls) {
      if (url.getHost() == null && "https".equals(url.getScheme())) {
        throw new IllegalArgumentException(
            "weir.master.urls has '"
                + url
                + "', whose host has an underscore, and no certificate is for such a name: use"
                + " another name");
      }
    }
    Bounds.require(timeout.toMillis() >= 100, "weir.master.timeout", timeout, "at least 100ms");
    urls = List.copyOf(urls);
  }

  private static boolean isRoot(URI url) {
    String path = url.getPath();
    return Authority.of(url) != null
        && List.of("http", "https").contains(url.getScheme())
        && (path == null || path.isEmpty() || path.equals("/"))
        && url.getQuery() == null;
  }
}
