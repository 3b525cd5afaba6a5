package io.weir.cache.fast;

import io.weir.cache.redis.Authenticator;
import io.weir.cache.redis.CommandSpec.Access;
import io.weir.web.security.Logins;
import io.weir.web.security.Role;
import org.jspecify.annotations.Nullable;

/** The server's tokens, for clients of Redis. */
public final class RedisLogins implements Authenticator {

  private final Logins logins;

  /** Over the tokens that the HTTP port asks for. */
  public RedisLogins(Logins logins) {
    this.logins = logins;
  }

  @Override
  public boolean asksForTokens() {
    return logins.areAsked();
  }

  @Override
  public @Nullable Login authenticate(String token, String remoteAddress) {
    Logins.Login found = logins.find(token, remoteAddress);
    return found == null ? null : new OfToken(found);
  }

  private record OfToken(Logins.Login token) implements Login {

    @Override
    public String name() {
      return token.name();
    }

    @Override
    public boolean isKnown() {
      return token.isKnown();
    }

    @Override
    public boolean may(Access access) {
      return switch (access) {
        case ANYBODY, CONNECTED -> true;
        case READ -> token.has(Role.READ);
        case WRITE -> token.has(Role.WRITE);
        case OPERATE -> token.has(Role.OPERATE);
      };
    }
  }
}
