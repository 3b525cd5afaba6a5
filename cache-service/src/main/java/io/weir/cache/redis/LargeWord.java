package io.weir.cache.redis;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A large word as it comes: it is copied once, into the array that it stays in. That grows with it,
 * since a length alone is no reason to believe that so much will come.
 */
final class LargeWord {

  /** A word beyond which it is worth an array of its own. */
  static final int LEAST = 16 * 1024;

  private final int length;
  private final Account account;
  private byte[] bytes;
  private int filled;

  private LargeWord(int length, Account account, byte[] bytes) {
    this.length = length;
    this.account = account;
    this.bytes = bytes;
  }

  /** One of which some bytes are here; null when the account has no room for its beginning. */
  static @Nullable LargeWord begin(int length, int here, Account account) {
    int first = Math.min(length, Math.max(LEAST, 4 * here));
    return account.tryHold(first) ? new LargeWord(length, account, new byte[first]) : null;
  }

  boolean isWhole() {
    return filled == length;
  }

  /** What is still to come of it. */
  int missing() {
    return length - filled;
  }

  /** What it holds of the account. */
  int heldBytes() {
    return bytes.length;
  }

  /** The word, once it is whole. */
  byte[] bytes() {
    return bytes;
  }

  /** Takes bytes; returns how many, fewer when the account has no room for more. */
  int take(byte[] from, int at, int most) {
    int left = Math.min(most, missing());
    int taken = 0;
    while (taken < left && hasRoom()) {
      int part = Math.min(bytes.length - filled, left - taken);
      System.arraycopy(from, at + taken, bytes, filled, part);
      filled += part;
      taken += part;
    }
    return taken;
  }

  /** The same of what has been received; returns false when there is no room for more. */
  boolean take(ByteBuf received) {
    while (!isWhole() && received.isReadable()) {
      if (!hasRoom()) {
        return false;
      }
      int part = Math.min(bytes.length - filled, received.readableBytes());
      received.readBytes(bytes, filled, part);
      filled += part;
    }
    return true;
  }

  private boolean hasRoom() {
    if (filled < bytes.length) {
      return true;
    }
    int size = (int) Math.min(length, 2L * bytes.length);
    if (!account.tryHold(size - bytes.length)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, size);
    return true;
  }
}
