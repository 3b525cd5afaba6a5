package io.weir.cache.membership;

import java.time.Duration;

/** A master has refused the registration of this server; the message is its reason. */
public final class RegistrationRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Duration lease;

  RegistrationRefusedException(String message, Duration lease) {
    super(message);
    this.lease = lease;
  }

  /** How long the lease still runs of another server that bears this one's name; else zero. */
  public Duration lease() {
    return lease;
  }
}
