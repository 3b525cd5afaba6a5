package io.weir.cache.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Nobody gets a buffer that somebody still has. */
class TurnBufferTest {

  private final ByteBufAllocator pool = new UnpooledByteBufAllocator(true);
  private final TurnBuffer buffer = new TurnBuffer(16);

  private ByteBuf taken() {
    return Objects.requireNonNull(buffer.tryTake());
  }

  @Test
  void isTakenAgainOnceItIsReleased() {
    ByteBuf first = taken();
    first.writeInt(1).readByte();
    assertThat(buffer.tryTake()).isNull();
    first.release();
    ByteBuf again = taken();
    assertThat(again).isSameAs(first);
    assertThat(again.readerIndex()).isZero();
    assertThat(again.isReadable()).isFalse();
  }

  @Test
  void isHeldByWhoeverRetainsAPartOfIt() {
    ByteBuf first = taken();
    ByteBuf part = first.writeInt(1).readRetainedSlice(2);
    first.release();
    assertThat(buffer.tryTake()).isNull();
    part.release();
    assertThat(buffer.tryTake()).isNotNull();
  }

  @Test
  void leavesToThePoolWhatItCannotHold() {
    ByteBuf large = buffer.take(pool, 17);
    ByteBuf first = buffer.take(pool, 16);
    ByteBuf second = buffer.take(pool, 1);
    assertThat(large.capacity()).isEqualTo(17);
    assertThat(second).isNotSameAs(first);
    first.release();
    assertThat(buffer.tryTake()).isSameAs(first);
    large.release();
    second.release();
  }

  @Test
  void isAsLargeAsEverAfterItHasGrown() {
    ByteBuf grown = taken();
    grown.writeZero(1_000).release();
    assertThat(taken().capacity()).isEqualTo(16);
  }

  @Test
  void isLeftToOthersEvenWhereThereIsNoMemory() {
    ByteBufAllocator exhausted =
        new AbstractByteBufAllocator(true) {
          @Override
          protected ByteBuf newHeapBuffer(int bytes, int most) {
            throw new OutOfMemoryError("planted");
          }

          @Override
          protected ByteBuf newDirectBuffer(int bytes, int most) {
            throw new OutOfMemoryError("planted");
          }

          @Override
          public boolean isDirectBufferPooled() {
            return true;
          }
        };
    ByteBuf first = taken();
    assertThatThrownBy(() -> buffer.leave(first, exhausted)).isInstanceOf(OutOfMemoryError.class);
    assertThat(taken()).isSameAs(first);
  }

  @Test
  void isLeftToOthersBeforeItIsRead() {
    ByteBuf first = taken();
    first.writeBytes("abcd".getBytes(StandardCharsets.US_ASCII)).readByte();
    ByteBuf rest = buffer.leave(first, pool);
    ByteBuf again = taken();
    again.writeBytes(rest, 0, 3);
    assertThat(again).isSameAs(first);
    assertThat(rest.toString(StandardCharsets.US_ASCII)).isEqualTo("bcd");
    assertThat(buffer.leave(rest, pool)).isSameAs(rest);
    assertThat(rest.refCnt()).isOne();
    assertThat(again.refCnt()).isEqualTo(2);
    rest.release();
  }
}
