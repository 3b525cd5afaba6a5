package io.weir.web.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The token that a request shows: that of {@code Authorization: Bearer}, or the password of {@code
 * Basic}, whoever the user.
 *
 * @param text as shown; null when there is none
 */
record ShownToken(@Nullable String text) {

  private static final ShownToken NONE = new ShownToken(null);
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";

  static ShownToken of(RequestHead request) {
    String header = request.header("Authorization");
    if (header == null) {
      return NONE;
    }
    if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return new ShownToken(header.substring(BEARER.length()).strip());
    }
    if (header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return new ShownToken(password(header.substring(BASIC.length()).strip()));
    }
    return NONE;
  }

  private static @Nullable String password(String encoded) {
    try {
      String account = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = account.indexOf(':');
      return colon < 0 ? null : account.substring(colon + 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Never the token. */
  @Override
  public String toString() {
    return text == null ? "no token" : "a token";
  }
}
