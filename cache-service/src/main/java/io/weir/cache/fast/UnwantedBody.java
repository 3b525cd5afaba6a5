package io.weir.cache.fast;

import io.weir.cache.web.LeastRate;
import java.time.Duration;

/**
 * What still comes of a body that nobody wants. It is read for the connection to go on, within
 * bounds. Of its event loop.
 */
final class UnwantedBody {

  private static final long MOST_BYTES = 32L << 20;

  private long began;
  private long lastCame;
  private long bytes;

  UnwantedBody(long now) {
    began = now;
    lastCame = now;
  }

  /** Whether the whole of a body is dropped, if it has a length. */
  static boolean dropsAll(long contentLength) {
    return contentLength <= MOST_BYTES;
  }

  /** The request is answered: from here on its client has nothing else to do. */
  void answered(long now) {
    began = now;
    lastCame = now;
  }

  /** Drops some; false when that is more than there may be. */
  boolean drop(int more, long now) {
    lastCame = now;
    bytes += more;
    return bytes <= MOST_BYTES;
  }

  boolean isTooSlow(long now, LeastRate leastRate, Duration silence) {
    return leastRate.isMissedBy(bytes, now - began) || now - lastCame > silence.toNanos();
  }
}
