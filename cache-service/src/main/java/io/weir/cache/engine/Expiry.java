package io.weir.cache.engine;

import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import java.time.Clock;

/** What readers see of values that expire: from that very millisecond on, nothing. */
record Expiry(Clock clock) {

  /** Returns what a key holds now, an expired value being absent. */
  Versioned now(Versioned stored) {
    Value value = stored.value();
    if (value == null
        || value.expiresAtMillis() == Value.NEVER
        || !value.isExpired(clock.millis())) {
      return stored;
    }
    return new Versioned(stored.version(), null);
  }
}
