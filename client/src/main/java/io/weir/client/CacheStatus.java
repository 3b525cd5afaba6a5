package io.weir.client;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a cache server found what it answered, from the {@code Cache-Status} header of RFC 9211.
 */
public enum CacheStatus {
  /** In memory. */
  HIT,
  /** In the database. */
  MISS,
  /** The server did not say. */
  UNKNOWN;

  /** Reads the header; null means that there is none. */
  public static CacheStatus of(@Nullable String header) {
    if (header == null) {
      return UNKNOWN;
    }
    if (header.contains("fwd=")) {
      return MISS;
    }
    return header.contains("hit") ? HIT : UNKNOWN;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
