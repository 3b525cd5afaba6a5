package io.weir.client;

import io.weir.model.Version;
import org.jspecify.annotations.Nullable;

/**
 * What a key holds, as its cache server answered it.
 *
 * @param value 0 bytes or more; the caller's own
 * @param contentType null when the server named none
 * @param version of the write that the value is from
 * @param cacheStatus where the server found it
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over; equality of entries is never asked for.
public record Entry(
    byte[] value, @Nullable String contentType, Version version, CacheStatus cacheStatus) {}
