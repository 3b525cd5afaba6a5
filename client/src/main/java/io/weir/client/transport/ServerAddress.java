package io.weir.client.transport;

import io.weir.model.Authority;
import java.net.URI;
import java.util.Locale;

/**
 * Where a server is reached: the parts of an {@code http} or {@code https} URL.
 *
 * @param secure whether by TLS
 * @param host a name or an address; an IPv6 address without brackets
 * @param prefix path that stands before every path asked for; empty, or starting with a slash and
 *     not ending in one
 */
public record ServerAddress(boolean secure, String host, int port, String prefix) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException when it has no host, or a scheme other than {@code http} and
   *     {@code https}
   */
  public static ServerAddress of(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    boolean secure = scheme.equals("https");
    Authority authority = Authority.of(url);
    if ((!secure && !scheme.equals("http")) || authority == null) {
      throw new IllegalArgumentException(
          "the URL of a server is http://HOST[:PORT] or https://HOST[:PORT], got '" + url + "'");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "the URL of a server has no query and no fragment, got '" + url + "'");
    }
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return new ServerAddress(secure, authority.host(), authority.portOr(defaultPort(secure)), path);
  }

  /**
   * Reads a URL given as text.
   *
   * @throws IllegalArgumentException when the text is no URL, or not one of a server
   */
  public static ServerAddress parse(String url) {
    return of(URI.create(url));
  }

  private static int defaultPort(boolean secure) {
    return secure ? HTTPS_PORT : HTTP_PORT;
  }

  /** The value of the {@code Host} header. */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == defaultPort(secure) ? name : name + ":" + port;
  }

  /** The URL, without a slash at the end. */
  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority() + prefix;
  }
}
