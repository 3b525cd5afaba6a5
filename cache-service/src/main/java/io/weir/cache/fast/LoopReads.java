package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.weir.cache.loop.TurnBuffer;

/**
 * Has the connections of an event loop read into its one buffer; while somebody has that, into one
 * of the pool, as large as Netty finds it worth.
 */
final class LoopReads extends AdaptiveRecvByteBufAllocator {

  /** As Netty has it for channels that are given no allocator of their own. */
  private static final int READS_A_TURN = 16;

  private final TurnBuffer buffer;

  LoopReads(TurnBuffer buffer) {
    this.buffer = buffer;
    maxMessagesPerRead(READS_A_TURN);
  }

  @Override
  @SuppressWarnings("deprecation") // Netty asks for this type, and wants the one that extends it.
  public Handle newHandle() {
    return new OfConnection(super.newHandle());
  }

  private final class OfConnection extends DelegatingHandle implements ExtendedHandle {

    @SuppressWarnings("deprecation")
    OfConnection(Handle adaptive) {
      super(adaptive);
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator pool) {
      ByteBuf taken = buffer.tryTake();
      return taken == null ? super.allocate(pool) : taken;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return ((ExtendedHandle) delegate()).continueReading(maybeMore);
    }
  }
}
