package io.weir.cache.kv;

import io.weir.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * What a key holds as of a version.
 *
 * @param version of the write that left it so; {@link Version#NONE} when no write is known
 * @param value null when the key is absent: deleted, or never written
 */
public record Versioned(Version version, @Nullable Value value) {

  /** A key of which the backing store has no row. */
  public static final Versioned ABSENT = new Versioned(Version.NONE, null);
}
