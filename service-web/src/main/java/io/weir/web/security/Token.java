package io.weir.web.security;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/**
 * A token that this server knows: its name, its roles and its hash. The token itself is not kept.
 */
final class Token {

  /** 16 characters of base64 are 96 random bits; what is shorter could be guessed. */
  static final int SHORTEST = 16;

  /** Far above any token; it bounds what is hashed for a stranger. */
  static final int LONGEST = 512;

  private final String name;
  private final Set<Role> roles;
  private final byte[] digest;

  private Token(String name, Set<Role> roles, byte[] digest) {
    this.name = name;
    this.roles = roles;
    this.digest = digest;
  }

  /**
   * Reads {@code NAME ROLE[,ROLE…] TOKEN}.
   *
   * @throws IllegalArgumentException when it is not of that form; the message shows nothing of it
   *     but the role that is none
   */
  static Token parse(String line) {
    String[] fields = line.strip().split("\\s+", -1);
    if (fields.length != 3) {
      throw new IllegalArgumentException(
          "it must be NAME ROLE[,ROLE...] TOKEN, three fields, and has " + fields.length);
    }
    String text = fields[2];
    if (text.length() < SHORTEST || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a token has " + SHORTEST + " to " + LONGEST + " characters; this one's length differs");
    }
    if (!text.matches("[A-Za-z0-9._~+/-]+=*")) {
      throw new IllegalArgumentException(
          "a token has letters, digits, and the characters - . _ ~ + / with = at the end; this one"
              + " has others");
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String role : fields[1].split(",", -1)) {
      roles.add(Role.parse(role));
    }
    return new Token(fields[0], roles, Sha256.of(text));
  }

  String name() {
    return name;
  }

  boolean has(Role role) {
    return roles.contains(role);
  }

  /** The hash, to be compared in constant time; not to be changed. */
  byte[] digest() {
    return digest;
  }

  Authentication authentication() {
    Collection<GrantedAuthority> authorities =
        List.copyOf(
            roles.stream().map(role -> new SimpleGrantedAuthority(role.authority())).toList());
    return new PreAuthenticatedAuthenticationToken(name, "", authorities);
  }

  boolean isSameTextAs(Token other) {
    return Arrays.equals(digest, other.digest);
  }

  @Override
  public String toString() {
    return name + " " + roles;
  }
}
