package io.weir.web.security;

import jakarta.servlet.http.HttpServletRequest;
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
    this.others =
        others.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  boolean isAskedByOne(HttpServletRequest request) {
    String name = request.getServerName().toLowerCase(Locale.ROOT);
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || IPV4.matcher(name).matches()
        || IPV6.contains(name)
        || others.contains(name);
  }

  static String detail(HttpServletRequest request) {
    return "This server asks for no tokens, so it answers only to the names of loopback, such as"
        + " localhost and 127.0.0.1, and the request is for '"
        + request.getServerName()
        + "'. weir.security.hosts lists further names, and with tokens (weir.security.tokens-file)"
        + " any name will do.";
  }
}
