package io.weir.cache.server;

import io.weir.cache.membership.FastAddress;
import io.weir.model.Authority;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where this server's fast port is reached.
 *
 * @param inside by clients of its network; null while there is no such port
 * @param outside by clients outside it; null when nobody has said
 */
record FastUrls(@Nullable URI inside, @Nullable URI outside) {

  static final FastUrls NONE = new FastUrls(null, null);

  /** As the settings say, and else by the host of {@code url} and the port that is bound. */
  static FastUrls of(ServerSettings.Advertise advertise, URI url, FastAddress fast) {
    int bound = fast.port();
    if (bound == 0) {
      return NONE;
    }
    URI given = advertise.fastUrl();
    return new FastUrls(
        given != null ? given : at(url, bound, fast.isEncrypted()), advertise.externalFastUrl());
  }

  private static URI at(URI url, int port, boolean encrypted) {
    String host = Objects.requireNonNull(Authority.of(url)).host();
    return URI.create(
        (encrypted ? "https" : "http")
            + "://"
            + (host.indexOf(':') < 0 ? host : "[" + host + "]")
            + ":"
            + port);
  }
}
