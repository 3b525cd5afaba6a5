package io.weir.web.security;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names by which a server without tokens answers: those of loopback, where it listens. A page
 * of another site can have its own name lead to this machine (DNS rebinding) and is then of the
 * same origin as this server for the browser; the request still bears that name.
 */
final class LoopbackNames {

  private static final Pattern IPV4 = Pattern.compile("127(\\.[0-9]{1,3}){3}");

  private static final Set<String> IPV6 = Set.of("::1", "0:0:0:0:0:0:0:1");

  private final Set<String> others;

  /**
   * @param others further names, which somebody has set
   */
  LoopbackNames(Collection<String> others) {
    this.others = others.stream().map(LoopbackNames::plain).collect(Collectors.toUnmodifiableSet());
  }

  boolean isAskedByOne(RequestHead request) {
    if (request.header("Host") == null) {
      return true; // Of HTTP/1.0, which no browser speaks.
    }
    String name = plain(request.serverName());
    return name.equals("127.0.0.1")
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || IPV4.matcher(name).matches()
        || IPV6.contains(name)
        || others.contains(name);
  }

  /** In small letters, without the brackets of an address and the dot that ends a full name. */
  private static String plain(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.startsWith("[") && name.endsWith("]")) {
      return name.substring(1, name.length() - 1);
    }
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  static String detail(RequestHead request) {
    return "This server asks for no tokens, so it answers only to the names of loopback, such as"
        + " localhost and 127.0.0.1, and the request is for '"
        + request.serverName()
        + "'. weir.security.hosts lists further names, and with tokens (weir.security.tokens-file)"
        + " any name will do.";
  }
}
