package io.weir.cache.kv;

import io.weir.model.Version;
import org.jspecify.annotations.Nullable;

/** What a key holds as of a version. Immutable; what is resident hands itself out as one. */
public interface Versioned {

  /** A key of which the backing store has no row. */
  Versioned ABSENT = of(Version.NONE, null);

  /** A value at a version; no value when the key is absent. */
  static Versioned of(Version version, @Nullable Value value) {
    return new Held(version, value);
  }

  /** Of the write that left it so; {@link Version#NONE} when no write is known. */
  Version version();

  /** Null when the key is absent: deleted, or never written. */
  @Nullable Value value();

  /** When the value expires; {@link Value#NEVER} when it does not, or there is none. */
  default long expiresAtMillis() {
    Value value = value();
    return value == null ? Value.NEVER : value.expiresAtMillis();
  }

  /** One that stands by itself. */
  record Held(Version version, @Nullable Value value) implements Versioned {}
}
