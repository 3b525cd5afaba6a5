package io.weir.cache.web;

import io.weir.cache.door.SlowBodyException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request as it comes. Room for it is reserved in steps, each as large as all
 * that has come: a client that sends little holds little, whatever length it tells.
 */
final class Body {

  private Body() {}

  /**
   * Reads a body.
   *
   * @param reserved gives the room
   * @return null when it has more bytes than {@code maxBytes}; it is not read then, if its head
   *     tells
   * @throws io.weir.cache.door.OverloadedException when there is no room for the next step
   * @throws SlowBodyException when it comes too slowly
   * @throws IOException when it does not come whole
   */
  static byte @Nullable [] read(
      HttpServletRequest request,
      int maxBytes,
      RequestBudget.Reservation reserved,
      LeastRate leastRate)
      throws IOException {
    long told = request.getContentLengthLong();
    if (told > maxBytes) {
      return null;
    }
    int most = told < 0 ? maxBytes : (int) told;
    byte[] buffer = grown(new byte[0], Math.min(most, RequestBudget.FIRST_STEP), reserved);
    InputStream in = request.getInputStream();
    long began = System.nanoTime();
    int length = 0;
    while (length < most) {
      if (length == buffer.length) {
        buffer = grown(buffer, (int) Math.min(most, 2L * length), reserved);
      }
      int read = read(in, buffer, length);
      if (read < 0) {
        if (told >= 0) {
          throw new EOFException("it ended after " + length + " of " + told + " bytes");
        }
        return Arrays.copyOf(buffer, length);
      }
      length += read;
      if (length < most && leastRate.isMissedBy(length, System.nanoTime() - began)) {
        throw new SlowBodyException(length, leastRate.bytesPerSecond());
      }
    }
    return told < 0 && !ends(in, length) ? null : buffer;
  }

  private static byte[] grown(byte[] buffer, int length, RequestBudget.Reservation reserved) {
    reserved.body(length);
    return Arrays.copyOf(buffer, length);
  }

  private static int read(InputStream in, byte[] buffer, int at) throws IOException {
    try {
      return in.read(buffer, at, buffer.length - at);
    } catch (IOException e) {
      throw notSlow(e, at);
    }
  }

  private static boolean ends(InputStream in, int at) throws IOException {
    try {
      return in.read() < 0;
    } catch (IOException e) {
      throw notSlow(e, at);
    }
  }

  /**
   * Returns what has failed.
   *
   * @throws SlowBodyException when it is that nothing comes
   */
  private static IOException notSlow(IOException e, int length) {
    if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
      throw new SlowBodyException(length, e);
    }
    return e;
  }
}
