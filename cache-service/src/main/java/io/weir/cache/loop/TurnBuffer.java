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
 * <p>Whoever takes it releases it. Who cannot do so within the turn leaves the others to the pool.
 *
 * <p><b>Concurrency.</b> Of its event loop.
 */
public final class TurnBuffer {

  /** Its memory is freed with the buffer's object, as a loop's are that has ended. */
  private static final ByteBufAllocator MEMORY = new UnpooledByteBufAllocator(true, true, false);

  private final int bytes;
  private final ByteBuf buffer;

  /**
   * @param bytes that it holds; more is better not written, which it would grow for
   */
  public TurnBuffer(int bytes) {
    this.bytes = bytes;
    buffer = MEMORY.directBuffer(bytes);
  }

  /** Takes it, empty, and to be released; null while somebody has it. */
  public @Nullable ByteBuf tryTake() {
    if (buffer.refCnt() != 1) {
      return null;
    }
    buffer.clear();
    if (buffer.capacity() != bytes) {
      buffer.capacity(bytes);
    }
    return buffer.retain();
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
   * Gives it back before the end of the turn, where a buffer is this one.
   *
   * @return what was left to read in it, in a buffer of the pool; any other buffer as it is
   */
  @SuppressWarnings("ReferenceEquality") // Buffers are equal that have the same content.
  public ByteBuf leave(ByteBuf taken, ByteBufAllocator pool) {
    if (taken != buffer) {
      return taken;
    }
    ByteBuf rest = pool.directBuffer(taken.readableBytes());
    rest.writeBytes(taken);
    taken.release();
    return rest;
  }
}
