package io.weir.web.security;

/**
 * Whether a page of another site makes a browser send a request. A browser adds the password that
 * it knows, or reaches a server on loopback that asks for none; and for a form it does not ask
 * before.
 */
final class CrossOrigin {

  static final String DETAIL =
      "The request comes from a page of another origin, and would change something.";

  private CrossOrigin() {}

  static boolean is(RequestHead request) {
    String origin = request.header("Origin");
    if (origin == null) {
      return false; // No browser, or a page of this very server that reads.
    }
    String host = request.header("Host");
    int authority = origin.indexOf("://");
    return authority < 0 || !origin.substring(authority + 3).equalsIgnoreCase(host);
  }
}
