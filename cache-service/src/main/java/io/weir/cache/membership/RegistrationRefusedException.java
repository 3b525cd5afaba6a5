package io.weir.cache.membership;

import java.time.Duration;

/** A master has refused the registration of this server; the message is its reason. */
public final class RegistrationRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Duration lease;
  private final boolean foreignShard;

  RegistrationRefusedException(String message, Duration lease, boolean foreignShard) {
    super(message);
    this.lease = lease;
    this.foreignShard = foreignShard;
  }

  /** How long the lease still runs of another server that bears this one's name; else zero. */
  public Duration lease() {
    return lease;
  }

  /** Whether it has not shown that its database is the shard's, or the masters know of another. */
  public boolean isForeignShard() {
    return foreignShard;
  }
}
