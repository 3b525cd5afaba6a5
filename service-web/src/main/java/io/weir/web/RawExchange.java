package io.weir.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Response;
import org.jspecify.annotations.Nullable;

/**
 * A request as Tomcat's HTTP parser left it, and its response below the servlet API. {@link
 * RawTargetAdapter} keeps it with each request.
 *
 * @param rawKey what follows {@code /kv/} in the target; null when it is no request for a key
 */
public record RawExchange(@Nullable String rawKey, Response response) {

  static final String ATTRIBUTE = RawExchange.class.getName();

  /** The exchange of a request; null where it did not come through Tomcat. */
  static @Nullable RawExchange of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof RawExchange exchange ? exchange : null;
  }

  /**
   * Sets the {@code Content-Type} of a response as it is. By way of the servlet API Tomcat parses
   * it: it would write the parameters otherwise than they were, leave out some, and log what it
   * does not understand.
   *
   * @param type printable ASCII
   */
  public static void contentType(
      HttpServletRequest request, HttpServletResponse response, String type) {
    RawExchange exchange = of(request);
    if (exchange == null) {
      response.setContentType(type);
    } else {
      exchange.response.getMimeHeaders().setValue("Content-Type").setString(type);
    }
  }

  /** Closes the connection after the answer, without reading what is left of the request's body. */
  public static void leaveBody(HttpServletRequest request) {
    RawExchange exchange = of(request);
    if (exchange != null) {
      exchange.response.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
  }

  /**
   * Closes the connection now, in the middle of the answer; what is written of it since is lost.
   */
  public static void cutOff(HttpServletRequest request) {
    RawExchange exchange = of(request);
    if (exchange != null) {
      exchange.response.action(ActionCode.CLOSE_NOW, null);
    }
  }
}
