package io.weir.web.security;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens for a connection that shows one once and then asks for much, as those of the Redis
 * protocol do. Safe for use by many threads.
 */
public final class Logins {

  private final Tokens tokens;
  private final Refusals refusals;

  Logins(Tokens tokens, Refusals refusals) {
    this.tokens = tokens;
    this.refusals = refusals;
  }

  /** Whether tokens are asked for; where they are not, everybody may do everything. */
  public boolean areAsked() {
    return tokens.areAsked();
  }

  /**
   * Looks for the token that somebody shows.
   *
   * @param remoteAddress where that is, for the log
   * @return null when it is not known here
   */
  public @Nullable Login find(String shown, String remoteAddress) {
    List<Token> known = tokens.known();
    Token token = tokens.find(shown);
    if (token == null) {
      refusals.guessed(remoteAddress);
      return null;
    }
    return new Login(tokens, known, token);
  }

  /**
   * A token that was shown. It goes with the tokens: one that is no longer known may do nothing,
   * and one that has other roles now has those.
   *
   * <p><b>Concurrency.</b> For one thread at a time.
   */
  public static final class Login {

    private final Tokens tokens;
    private final String name;
    private List<Token> known;
    private @Nullable Token token;

    private Login(Tokens tokens, List<Token> known, Token token) {
      this.tokens = tokens;
      this.name = token.name();
      this.known = known;
      this.token = token;
    }

    /** The name of the token. */
    public String name() {
      return name;
    }

    /** Whether the token is known now. */
    public boolean isKnown() {
      return current() != null;
    }

    /** Whether the token has a role now. */
    public boolean has(Role role) {
      Token now = current();
      return now != null && now.has(role);
    }

    @SuppressWarnings("ReferenceEquality") // A change of the tokens is a new list.
    private @Nullable Token current() {
      List<Token> now = tokens.known();
      Token before = token;
      if (now != known && before != null) {
        known = now;
        token = now.stream().filter(before::isSameTextAs).findFirst().orElse(null);
      }
      return token;
    }
  }
}
