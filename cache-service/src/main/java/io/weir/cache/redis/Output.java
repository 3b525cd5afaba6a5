package io.weir.cache.redis;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.weir.cache.loop.TurnBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is to send: replies, in one direct buffer, which is handed over once a turn of
 * the loop, or when it is large, or a large reply has no room in it. Large replies are held on the
 * connection's account until they are sent.
 *
 * <p><b>Concurrency.</b> Of the connection's event loop.
 */
final class Output {

  private static final int FIRST_BYTES = 4 * 1024;

  /** A reply from which on it is held on the account. */
  private static final int LARGE = 16 * 1024;

  private final ChannelHandlerContext context;
  private final RespSession session;
  private final Account account;
  private final RespMeters meters;
  private final TurnBuffer ofTurns;

  private @Nullable ByteBuf buffer;

  /** What is in {@link #buffer} of replies that are held on the account. */
  private long heldBytes;

  private long sentBytes;

  Output(
      ChannelHandlerContext context,
      RespSession session,
      Account account,
      RespMeters meters,
      TurnBuffer ofTurns) {
    this.context = context;
    this.session = session;
    this.account = account;
    this.meters = meters;
    this.ofTurns = ofTurns;
  }

  /**
   * Writes a reply.
   *
   * @param mayBeRefused whether an error may be in its place when there is no room for it: not of
   *     what tells of a write that has happened
   */
  void write(Reply reply, boolean mayBeRefused) {
    if (reply.equals(Reply.OK)) {
      RespWriter.ok(buffer());
      return;
    }
    Reply written = reply;
    long size = RespWriter.size(reply);
    if (size > LARGE) {
      flushUnlessItHolds(size);
      if (account.tryHold(size)) {
        heldBytes += size;
      } else if (mayBeRefused) {
        meters.refused("overloaded");
        written = new Reply.Failure(RespDecoder.NO_ROOM);
        size = RespWriter.size(written);
      } else {
        account.hold(size);
        heldBytes += size;
      }
    }
    RespWriter.write(buffer(size), written, session.protocol());
  }

  /** Writes a value that was read. */
  void value(byte[] value) {
    if (value.length > LARGE) {
      write(new Reply.Bulk(value), true);
    } else {
      RespWriter.bulk(buffer(), value);
    }
  }

  void nil() {
    RespWriter.nil(buffer(), session.protocol());
  }

  private ByteBuf buffer() {
    return buffer(0);
  }

  /** The buffer, which is made for so many bytes if there is none. */
  private ByteBuf buffer(long bytes) {
    ByteBuf now = buffer;
    if (now == null) {
      int least = Math.clamp(bytes, FIRST_BYTES, Integer.MAX_VALUE);
      now = ofTurns.take(context.alloc(), least);
      buffer = now;
    }
    return now;
  }

  /** Whether there is so much that it is better sent before there is more. */
  boolean isLarge() {
    return buffer != null && buffer.readableBytes() >= RespLimits.OUTPUT_BYTES;
  }

  /** A buffer that grows copies what is in it. */
  private void flushUnlessItHolds(long more) {
    if (buffer != null && buffer.writableBytes() < more) {
      flush();
    }
  }

  /** Hands over what there is. */
  void flush() {
    ByteBuf full = buffer;
    if (full == null) {
      return;
    }
    buffer = null;
    sentBytes += full.readableBytes();
    long held = heldBytes;
    if (held == 0) {
      var _ = context.writeAndFlush(full, context.voidPromise());
      return;
    }
    heldBytes = 0;
    context.writeAndFlush(full).addListener(sent -> account.free(held));
  }

  /** Forgets what there is. */
  void close() {
    if (buffer != null) {
      buffer.release();
      buffer = null;
    }
  }

  /** Bytes that were handed over. */
  long sentBytes() {
    return sentBytes;
  }
}
