package io.weir.cache.redis;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * What has come of a connection and is not decoded, in one array: the event loop's own while it is
 * at work, which takes no memory of the connection, or one that {@link #keep} makes for what is
 * left then, and holds on the connection's account.
 *
 * <p><b>Concurrency.</b> Of the connection's event loop.
 */
abstract class Input {

  private static final byte[] NOTHING = {};

  /** Room that an array has at least as much again of, so that pieces are not copied each time. */
  private static final int ROOM = 16 * 1024;

  final Account account;

  /** What is not decoded stands between {@link #from} and {@link #to}. */
  byte[] in = NOTHING;

  int from;
  int to;

  /** Whether {@link #in} is this connection's. */
  private boolean kept;

  private boolean fits = true;

  Input(Account account) {
    this.account = account;
  }

  /**
   * Takes what has come behind what is there.
   *
   * @param scratch where it may stand until {@link #keep}; as large as a read, or it is not used
   */
  final void add(ByteBuf received, byte[] scratch) {
    int bytes = received.readableBytes();
    int left = to - from;
    if (left == 0 && bytes <= scratch.length) {
      own(NOTHING, 0);
      in = scratch;
      kept = false;
    } else {
      makeRoom(left, bytes);
    }
    received.readBytes(in, to, bytes);
    to += bytes;
  }

  private void makeRoom(int left, int more) {
    if (kept && left + more <= in.length) {
      if (to + more > in.length) {
        System.arraycopy(in, from, in, 0, left);
        from = 0;
        to = left;
      }
      return;
    }
    byte[] larger = new byte[Math.max(left + more, Math.min(2 * (left + more), ROOM))];
    System.arraycopy(in, from, larger, 0, left);
    own(larger, left);
  }

  /**
   * Keeps what is left in memory of the connection's own; the scratch is anybody's after that.
   *
   * @return whether there is room for it: if not, the connection is to end
   */
  final boolean keep() {
    int left = to - from;
    if (left == 0) {
      own(NOTHING, 0);
    } else if (!kept) {
      own(Arrays.copyOfRange(in, from, to), left);
    }
    return fits;
  }

  /** Keeps nothing. */
  final void drop() {
    own(NOTHING, 0);
  }

  private void own(byte[] array, int left) {
    if (kept) {
      account.free(in.length);
    }
    fits = account.tryHold(array.length);
    if (!fits) {
      account.hold(array.length);
    }
    kept = true;
    in = array;
    from = 0;
    to = left;
  }

  /** How many bytes wait to be decoded. */
  final int waitingBytes() {
    return to - from;
  }
}
