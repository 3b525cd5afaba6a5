package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.weir.cache.door.SlowBodyException;
import io.weir.cache.door.ValueTooLargeException;
import io.weir.cache.web.LeastRate;
import io.weir.cache.web.RequestBudget;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request as it comes. Room for it is reserved in steps, each as large as all that
 * has come: a client that sends little holds little, whatever length it tells. Of its event loop.
 */
final class ArrivingBody {

  private final long told;
  private final int most;
  private final RequestBudget.Reservation reserved;
  private final long began = System.nanoTime();
  private long lastCame = began;
  private byte[] buffer = {};
  private int length;

  /**
   * @param told its length; -1 when it is not told
   * @throws ValueTooLargeException when it is told to have more bytes than {@code maxBytes}
   */
  ArrivingBody(long told, int maxBytes, RequestBudget.Reservation reserved) {
    if (told > maxBytes) {
      throw new ValueTooLargeException(maxBytes);
    }
    this.told = told;
    this.most = told < 0 ? maxBytes : (int) told;
    this.reserved = reserved;
  }

  /**
   * Takes a part, the next bytes of a buffer.
   *
   * @return 0 when it is taken; else nothing is, and there is no room now for so many bytes in all
   * @throws ValueTooLargeException when there are more than there may be
   */
  int take(ByteBuf in, int bytes) {
    int needed = length + bytes;
    if (needed > most) {
      throw new ValueTooLargeException(most);
    }
    if (needed > buffer.length) {
      int grown =
          (int) Math.min(most, Math.max(needed, Math.max(2L * length, RequestBudget.FIRST_STEP)));
      if (!reserved.tryBody(grown)) {
        return grown;
      }
      buffer = Arrays.copyOf(buffer, grown);
    }
    in.readBytes(buffer, length, bytes);
    length = needed;
    if (length < told || told < 0) {
      lastCame = System.nanoTime();
    }
    return 0;
  }

  int length() {
    return length;
  }

  /** All of it, once it has come. */
  byte[] bytes() {
    return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
  }

  /** Says why it is given up; null while it is not. */
  @Nullable SlowBodyException tooSlow(long now, LeastRate leastRate, Duration silence) {
    if (leastRate.isMissedBy(length, now - began)) {
      return new SlowBodyException(length, leastRate.bytesPerSecond());
    }
    return now - lastCame > silence.toNanos()
        ? new SlowBodyException(length, new IOException("the client is silent"))
        : null;
  }
}
