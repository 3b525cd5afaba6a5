package io.weir.model;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Host and port of a URL. {@link URI#getHost} knows only the names that DNS allows, and a container
 * or a service may well be called {@code cache_1}.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param port -1 where the URL has none
 */
public record Authority(String host, int port) {

  private static final int LONGEST = 253;
  private static final int LAST_PORT = 65_535;

  /** Letters, digits, and what stands between them in names; RFC 3986 has more. */
  private static final Pattern FORM = Pattern.compile("([A-Za-z0-9._-]{1,253})(?::(\\d{1,5}))?");

  /** Returns those of a URL; null where it has no host, or one that cannot be. */
  public static @Nullable Authority of(URI url) {
    String host = url.getHost();
    if (host != null) {
      return new Authority(
          host.startsWith("[") ? host.substring(1, host.length() - 1) : host, url.getPort());
    }
    String authority = url.getRawAuthority();
    if (authority == null || authority.length() > LONGEST + 6) {
      return null;
    }
    Matcher matcher = FORM.matcher(authority);
    if (!matcher.matches() || matcher.group(1).indexOf('_') < 0) {
      return null;
    }
    int port = matcher.group(2) == null ? -1 : Integer.parseInt(matcher.group(2));
    return port == 0 || port > LAST_PORT ? null : new Authority(matcher.group(1), port);
  }

  /** The port, or the one that the scheme stands for. */
  public int portOr(int otherwise) {
    return port < 0 ? otherwise : port;
  }

  /** Whether only the machine itself reaches the host by this name or address. */
  public boolean isLoopback() {
    String lower = host.toLowerCase(Locale.ROOT);
    if (lower.equals("localhost") || lower.endsWith(".localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException name) {
      return false;
    }
  }
}
