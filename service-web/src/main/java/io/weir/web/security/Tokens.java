package io.weir.web.security;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that this server knows, or that it asks for none.
 *
 * <p><b>Concurrency.</b> An immutable list behind a volatile field; a reader sees the tokens of
 * before a change or those of after it. Whether tokens are asked for never changes: a file that
 * loses its last token closes nothing and opens nothing.
 *
 * <p><b>Timing.</b> What is shown is hashed, and its hash is compared with every token's, each in
 * constant time, whether one has matched already or not. So the time of an answer says nothing of
 * how near a guess was.
 */
final class Tokens {

  private final boolean asked;
  private volatile List<Token> known;

  /** Tokens to begin with; with none, nobody is asked for one. */
  Tokens(List<Token> known) {
    this.known = List.copyOf(known);
    this.asked = !known.isEmpty();
  }

  /** Whether a request needs a token. */
  boolean areAsked() {
    return asked;
  }

  /** Returns the token that is shown; null when there is no such one. */
  @Nullable Token find(@Nullable String shown) {
    if (shown == null || shown.isEmpty() || shown.length() > Token.LONGEST) {
      return null;
    }
    byte[] digest = Sha256.of(shown);
    Token found = null;
    for (Token each : known) {
      if (MessageDigest.isEqual(each.digest(), digest)) {
        found = each;
      }
    }
    return found;
  }

  /** Replaces all tokens. */
  void replace(List<Token> tokens) {
    if (!asked || tokens.isEmpty()) {
      throw new IllegalArgumentException("tokens are replaced by tokens");
    }
    known = List.copyOf(tokens);
  }

  int count() {
    return known.size();
  }

  /** All of them; another list after each change. */
  List<Token> known() {
    return known;
  }

  /**
   * Reads lines, empty ones and those that begin with {@code #} excepted.
   *
   * @param source of the lines, for messages
   * @throws IllegalArgumentException when one is no token, or two have the same text; the message
   *     names the line, and shows no token
   */
  static List<Token> parse(String source, List<String> lines) {
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        Token token = Token.parse(line);
        for (Token before : tokens) {
          if (before.isSameTextAs(token)) {
            throw new IllegalArgumentException(
                "'" + before.name() + "' and '" + token.name() + "' have the same token");
          }
        }
        tokens.add(token);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(source + ", line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return tokens;
  }
}
