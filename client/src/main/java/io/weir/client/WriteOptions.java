package io.weir.client;

import io.weir.model.Durability;
import io.weir.model.Durations;
import io.weir.model.Version;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a put or a delete is to be done. Immutable: each method returns a changed copy.
 *
 * @param contentType media type to store; null leaves it to the server. A delete has none
 * @param ttl life of the entry, at least 1 ms; null means for ever. A delete has none
 * @param ifMatch write only over this version; null means whatever is there
 * @param ifAbsent write only if there is no entry; not together with {@code ifMatch}
 * @param durability null leaves it to the server
 * @param repeatWhenAmbiguous see {@link #repeatingWhenAmbiguous}
 */
public record WriteOptions(
    @Nullable String contentType,
    @Nullable Duration ttl,
    @Nullable Version ifMatch,
    boolean ifAbsent,
    @Nullable Durability durability,
    boolean repeatWhenAmbiguous) {

  /** Unconditional, for ever, as durable as the server does by default. */
  public static final WriteOptions DEFAULT = new WriteOptions(null, null, null, false, null, false);

  /** Rejects what cannot be asked for together. */
  public WriteOptions {
    if (ifAbsent && ifMatch != null) {
      throw new IllegalArgumentException(
          "a write is conditional on a version or on absence, not on both");
    }
    // In this order: milliseconds of a longer one may overflow.
    if (ttl != null && (ttl.compareTo(Durations.LONGEST_LIFE) > 0 || ttl.toMillis() < 1)) {
      throw new IllegalArgumentException(
          "a time to live is 1 ms to " + Durations.LONGEST_LIFE.toDays() + " days, got " + ttl);
    }
  }

  public WriteOptions contentType(String mediaType) {
    return new WriteOptions(mediaType, ttl, ifMatch, ifAbsent, durability, repeatWhenAmbiguous);
  }

  public WriteOptions ttl(Duration life) {
    return new WriteOptions(contentType, life, ifMatch, ifAbsent, durability, repeatWhenAmbiguous);
  }

  public WriteOptions onlyOver(Version version) {
    return new WriteOptions(contentType, ttl, version, ifAbsent, durability, repeatWhenAmbiguous);
  }

  public WriteOptions onlyIfAbsent() {
    return new WriteOptions(contentType, ttl, ifMatch, true, durability, repeatWhenAmbiguous);
  }

  public WriteOptions durability(Durability wanted) {
    return new WriteOptions(contentType, ttl, ifMatch, ifAbsent, wanted, repeatWhenAmbiguous);
  }

  /**
   * Allows the client to send the write again when it does not know whether it was applied. Right
   * where nobody else writes the key; elsewhere it can undo somebody's later write.
   */
  public WriteOptions repeatingWhenAmbiguous() {
    return new WriteOptions(contentType, ttl, ifMatch, ifAbsent, durability, true);
  }
}
