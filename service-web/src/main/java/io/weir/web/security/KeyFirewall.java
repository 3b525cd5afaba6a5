package io.weir.web.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/**
 * Spring Security's strict firewall, but not for keys: in a key {@code //}, {@code ..}, {@code ;}
 * and {@code %2F} are data, and the target was taken apart before Tomcat mapped it, so that there
 * is nothing to be misled about.
 */
final class KeyFirewall implements HttpFirewall {

  private final StrictHttpFirewall strict = new StrictHttpFirewall();

  KeyFirewall() {
    // A method that is not known is answered with 405, as by a server without Spring Security.
    strict.setUnsafeAllowAnyHttpMethod(true);
  }

  @Override
  public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
    return KeyGate.isForKeys(request) ? new Key(request) : strict.getFirewalledRequest(request);
  }

  @Override
  public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
    return strict.getFirewalledResponse(response);
  }

  /** As it is. */
  private static final class Key extends FirewalledRequest {

    Key(HttpServletRequest request) {
      super(request);
    }

    @Override
    public void reset() {
      // Nothing was changed.
    }
  }
}
