package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import java.time.Clock;

/** What readers see of values that expire: from that very millisecond on, nothing. */
record Expiry(Clock clock) {

  /** Returns what a key holds now, an expired value being absent. */
  Versioned now(Versioned stored) {
    return isExpired(stored) ? Versioned.of(stored.version(), null) : stored;
  }

  /** Returns the answer to a read that has met an entry. */
  Read read(Entry resident) {
    return isExpired(resident) ? new Read.Answer(now(resident), true, true) : resident;
  }

  private boolean isExpired(Versioned stored) {
    long at = stored.expiresAtMillis();
    return at != Value.NEVER && at <= clock.millis();
  }
}
