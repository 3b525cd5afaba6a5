package io.weir.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
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

  private static final byte DELETE = 127;

  /** The exchange of a request; null where it did not come through Tomcat. */
  static @Nullable RawExchange of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof RawExchange exchange ? exchange : null;
  }

  /**
   * Returns what adds fields to the head of a response, each of a name that it does not have yet.
   * By way of the servlet API Tomcat makes an encoder for every name and every value; so half of
   * what a read of a key allocates would be its answer's head. It also parses a {@code
   * Content-Type}: it would write the parameters otherwise than they were, leave out some, and log
   * what it does not understand.
   */
  public static BiConsumer<String, String> fields(
      HttpServletRequest request, HttpServletResponse response) {
    RawExchange exchange = of(request);
    return exchange == null ? response::setHeader : exchange::addField;
  }

  /**
   * Adds a field, in arrays of its own: Tomcat keeps them beyond the response, and writes numbers
   * into those that are long enough.
   */
  private void addField(String name, String value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.ISO_8859_1);
    byte[] valueBytes = value.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < valueBytes.length; i++) {
      if (isControl(valueBytes[i])) {
        valueBytes[i] = ' '; // As Tomcat writes it: no value begins a line of its own.
      }
    }
    response
        .getMimeHeaders()
        .addValue(nameBytes, 0, nameBytes.length)
        .setBytes(valueBytes, 0, valueBytes.length);
  }

  private static boolean isControl(byte b) {
    return (b >= 0 && b < ' ' && b != '\t') || b == DELETE;
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
