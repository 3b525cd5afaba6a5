package io.weir.cache.server;

import io.weir.model.ByteSize;
import io.weir.web.Bounds;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The journal's disk.
 *
 * @param minFreeSpace below this much free space on the journal's disk writes get 503, so that what
 *     was acknowledged can still be flushed and the server does not end; 0B never refuses. By
 *     default 160 MiB and as much as is dirty, refused rows included, which is what a snapshot and
 *     the log still take
 */
@Validated
@ConfigurationProperties(prefix = "weir.journal", ignoreUnknownFields = false)
record JournalSettings(@Nullable ByteSize minFreeSpace) {

  private static final ByteSize MOST = ByteSize.parse("1TiB");

  JournalSettings {
    if (minFreeSpace != null) {
      Bounds.require(
          minFreeSpace.compareTo(MOST) <= 0,
          "weir.journal.min-free-space",
          minFreeSpace,
          "at most " + MOST);
    }
  }
}
