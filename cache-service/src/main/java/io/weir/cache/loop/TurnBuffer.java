package io.weir.cache.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that an event loop uses again and again, since it is mostly given back in the turn in
 * which it was taken. So its memory stays in the cache of the processor. A pool's buffers come
 * round in the order in which they were given back, and have left the cache by then.
 *
 * <p>Whoever takes it releases it. While somebody keeps it for longer, others take buffers of the
 * pool.
 *
 * <p><b>Concurrency.</b> Of its event loop.
 */
public final class TurnBuffer {

  /** Without a search for leaks: the buffer lasts as long as its loop, and that as the process. */
  private static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true, true);

  private final int bytes;

  /** Null until it is first taken. */
  private @Nullable ByteBuf buffer;

  /**
   * @param bytes that it holds; if more is written it grows, and is made this small again when it
   *     is next taken
   */
  public TurnBuffer(int bytes) {
    this.bytes = bytes;
  }

  /** Takes it, empty, and to be released; null while somebody has it. */
  public @Nullable ByteBuf tryTake() {
    ByteBuf own = buffer;
    if (own == null) {
      own = MEMORY.directBuffer(bytes);
      buffer = own;
    }
    if (own.refCnt() != 1) {
      return null;
    }
    own.clear();
    if (own.capacity() != bytes) {
      own.capacity(bytes);
    }
    return own.retain();
  }

  /**
   * Takes it; another one while somebody has it, or if it holds too little.
   *
   * @param least bytes that are to be written
   */
  public ByteBuf take(ByteBufAllocator pool, int least) {
    ByteBuf taken = least > bytes ? null : tryTake();
    return taken == null ? pool.directBuffer(least) : taken;
  }

  /**
   * Gives it back, where a buffer is this one, before all of it is read. It is released even if
   * there is no memory for a copy.
   *
   * @return what was left to read in it, in a buffer of the pool; any other buffer as it is
   */
  @SuppressWarnings("ReferenceEquality") // Buffers are equal that have the same content.
  public ByteBuf leave(ByteBuf taken, ByteBufAllocator pool) {
    if (taken != buffer) {
      return taken;
    }
    try {
      ByteBuf rest = pool.directBuffer(taken.readableBytes());
      return rest.writeBytes(taken);
    } finally {
      taken.release();
    }
  }
}
