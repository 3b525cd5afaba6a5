package io.weir.client;

/**
 * A write that was sent and not answered: it may have been applied, or may still be.
 *
 * <p>The client does not repeat it by itself, because a repetition could overwrite what somebody
 * else has written since; {@link WriteOptions#repeatingWhenAmbiguous} allows it to.
 */
public final class AmbiguousOutcomeException extends WeirException {

  private static final long serialVersionUID = 1;

  AmbiguousOutcomeException(String message) {
    super(message);
  }

  AmbiguousOutcomeException(String message, Throwable cause) {
    super(message, cause);
  }
}
