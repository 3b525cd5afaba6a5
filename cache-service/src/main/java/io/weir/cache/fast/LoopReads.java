package io.weir.cache.fast;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.weir.cache.loop.TurnBuffer;

/**
 * Has the connections of an event loop read into its one buffer; while somebody has that, into one
 * of the pool, as large as Netty finds it worth.
 */
final class LoopReads implements RecvByteBufAllocator {

  private final TurnBuffer buffer;
  private final AdaptiveRecvByteBufAllocator otherwise = new AdaptiveRecvByteBufAllocator();

  LoopReads(TurnBuffer buffer) {
    this.buffer = buffer;
  }

  @Override
  @SuppressWarnings("deprecation") // Netty asks for this type, and wants the one that extends it.
  public Handle newHandle() {
    return new OfConnection(otherwise.newHandle());
  }

  private final class OfConnection extends DelegatingHandle implements ExtendedHandle {

    @SuppressWarnings("deprecation")
    OfConnection(Handle otherwise) {
      super(otherwise);
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
