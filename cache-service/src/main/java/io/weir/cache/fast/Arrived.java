package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.weir.cache.loop.TurnBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What has come to a connection and is not taken. Holds no buffer for nothing. Of its event loop.
 */
final class Arrived {

  private @Nullable ByteBuf held;

  /** Takes over a buffer. */
  void add(ByteBuf more, ByteBufAllocator allocator) {
    if (held == null) {
      held = more;
    } else {
      held.discardSomeReadBytes();
      held = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, held, more);
    }
  }

  /** To take from; not to be released. */
  ByteBuf bytes() {
    return held == null ? Unpooled.EMPTY_BUFFER : held;
  }

  boolean isEmpty() {
    return held == null || !held.isReadable();
  }

  /** Leaves a loop's buffer to others. What is not taken stays. */
  void leave(TurnBuffer input, ByteBufAllocator allocator) {
    ByteBuf left = held;
    if (left != null) {
      held = null; // It is released even where there is no memory.
      held = input.leave(left, allocator);
    }
  }

  void release() {
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
