package io.weir.client.transport;

import java.net.URI;
import java.util.Locale;

/**
 * Where a server is reached: the parts of an {@code http} URL.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param prefix path that stands before every path asked for; empty, or starting with a slash and
 *     not ending in one
 */
public record ServerAddress(String host, int port, String prefix) {

  private static final int DEFAULT_PORT = 80;

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException when it has no host, or a scheme other than {@code http}
   */
  public static ServerAddress of(URI url) {
    String scheme = url.getScheme();
    if (scheme == null
        || !scheme.toLowerCase(Locale.ROOT).equals("http")
        || url.getHost() == null) {
      throw new IllegalArgumentException(
          "the URL of a server is http://HOST[:PORT], got '" + url + "'");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "the URL of a server has no query and no fragment, got '" + url + "'");
    }
    String host = url.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return new ServerAddress(host, url.getPort() < 0 ? DEFAULT_PORT : url.getPort(), path);
  }

  /**
   * Reads a URL given as text.
   *
   * @throws IllegalArgumentException when the text is no URL, or not one of a server
   */
  public static ServerAddress parse(String url) {
    return of(URI.create(url));
  }

  /** The value of the {@code Host} header. */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == DEFAULT_PORT ? name : name + ":" + port;
  }

  /** The URL, without a slash at the end. */
  @Override
  public String toString() {
    return "http://" + authority() + prefix;
  }
}
