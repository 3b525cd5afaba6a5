package io.weir.web;

import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import jakarta.servlet.http.HttpServletRequest;

/**
 * The request target of a {@code /kv/} request as it came over the wire, which {@link
 * RawTargetAdapter} has kept.
 *
 * <p>A request whose target starts with {@code /kv/} is mapped to the path {@value #PATH}, whatever
 * its key holds; a servlet or controller listens on that path and asks here for the key.
 */
public final class RawTarget {

  /** The path that every {@code /kv/…} request is mapped to. */
  public static final String PATH = "/kv";

  private RawTarget() {}

  /** Returns what follows {@code /kv/} in the raw target, up to the query, still encoded. */
  public static String of(HttpServletRequest request) {
    RawExchange exchange = RawExchange.of(request);
    if (exchange != null && exchange.rawKey() != null) {
      return exchange.rawKey();
    }
    // Not Tomcat (a mock), or a target that a mapping led to /kv without the prefix.
    String uri = request.getRequestURI();
    return uri.startsWith(KeyPath.PREFIX) ? uri.substring(KeyPath.PREFIX.length()) : "";
  }

  /**
   * Returns the key of the request.
   *
   * @throws InvalidKeyException when the target holds no valid key
   */
  public static Key key(HttpServletRequest request) {
    return KeyPath.decode(of(request));
  }

  /** Returns the raw target from {@code /kv/} on, with its query. */
  public static String withQuery(HttpServletRequest request) {
    String query = request.getQueryString();
    String path = KeyPath.PREFIX + of(request);
    return query == null ? path : path + "?" + query;
  }
}
