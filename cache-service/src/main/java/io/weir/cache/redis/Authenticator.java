package io.weir.cache.redis;

import io.weir.cache.redis.CommandSpec.Access;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is. What is refused is logged, and counted, here.
 *
 * <p><b>Concurrency.</b> Of any event loop, which it does not keep waiting.
 */
public interface Authenticator {

  /** One that asks for no tokens. */
  Authenticator ANYBODY =
      new Authenticator() {
        @Override
        public boolean asksForTokens() {
          return false;
        }

        @Override
        public @Nullable Login authenticate(String token, String remoteAddress) {
          return null;
        }
      };

  /** Whether a client has to log in. Never changes. */
  boolean asksForTokens();

  /**
   * Looks a token up.
   *
   * @param remoteAddress where the client is, as {@code host:port}
   * @return null when it is not known here
   */
  @Nullable Login authenticate(String token, String remoteAddress);

  /** A client that has logged in. Asked before each of its commands: its token may have gone. */
  interface Login {

    /** The name of its token. */
    String name();

    /** Whether its token is still known. */
    boolean isKnown();

    /**
     * Whether its token has the role that this takes: {@code READ}, {@code WRITE}, {@code OPERATE}.
     */
    boolean may(Access access);
  }
}
