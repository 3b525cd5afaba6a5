package io.weir.master.registration;

import io.weir.model.RegistrationRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

/**
 * Whether this master lists servers that are reached by https alone: one that speaks TLS itself
 * does. Else whoever may register could have clients send keys, values and tokens in the clear.
 */
final class HttpsOnly {

  private final boolean inForce;

  private HttpsOnly(boolean inForce) {
    this.inForce = inForce;
  }

  /**
   * @param server the master's own settings; null where it has no port, as in a test
   */
  static HttpsOnly asFor(@Nullable ServerProperties server) {
    return new HttpsOnly(server != null && Ssl.isEnabled(server.getSsl()));
  }

  /**
   * @throws InvalidRegistrationException when clients would be sent to an address without TLS
   */
  void check(RegistrationRequest request) {
    if (inForce) {
      check("url", request.advertisedUrl());
      check("externalUrl", request.externalUrl());
      check("fastUrl", request.fastUrl());
      check("externalFastUrl", request.externalFastUrl());
    }
  }

  private static void check(String name, @Nullable URI url) {
    if (url != null && !"https".equalsIgnoreCase(url.getScheme())) {
      throw new InvalidRegistrationException(
          name
              + " is '"
              + url
              + "', and this master speaks TLS: it lists https servers alone, so that nothing is sent"
              + " in the clear. Set server.ssl.bundle at the cache server, and https in"
              + " each weir.advertise URL that is set.",
          false);
    }
  }
}
