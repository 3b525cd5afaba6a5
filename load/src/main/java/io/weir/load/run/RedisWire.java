package io.weir.load.run;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weir.client.CacheStatus;
import io.weir.client.RoutingTable;
import io.weir.client.transport.ServerAddress;
import io.weir.client.transport.Transport;
import io.weir.client.transport.TransportException;
import io.weir.load.redis.RedisError;
import io.weir.load.workload.KeySpace;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A wire that speaks the Redis protocol, version 2, to the fast port of its server: {@code GET},
 * {@code SET} and {@code DEL}, and {@code AUTH} before them where there is a token.
 *
 * <p>What it knows of replies is what those commands are answered with: a status, an error, a
 * number, bytes, or nothing.
 *
 * <p><b>Failure.</b> Anything else, and bytes that nobody asked for, close the connection.
 */
final class RedisWire extends ChannelInboundHandlerAdapter implements Wire {

  private static final byte[] GET = "*2\r\n$3\r\nGET\r\n$".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SET = "*3\r\n$3\r\nSET\r\n$".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DEL = "*2\r\n$3\r\nDEL\r\n$".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AUTH = "*2\r\n$4\r\nAUTH\r\n$".getBytes(StandardCharsets.US_ASCII);

  /** No reply begins with a longer line but an error. */
  private static final int LONGEST_LINE = 8_192;

  private final KeySpace keys;
  private final ServerAddress server;
  private final Listener listener;
  private final LoadLoop loop;
  private final int maxValue;
  private @Nullable Channel channel;
  private @Nullable ByteBuf received;
  private Asked asked = Asked.NOTHING;
  private @Nullable String shown; // The token that AUTH has shown last.

  /** What the next reply answers. */
  private enum Asked {
    NOTHING,
    AUTH,
    GET,
    SET,
    DEL
  }

  /**
   * Opens the wires of a loop.
   *
   * @param run whose servers they lead to
   */
  record Opener(LoadRun run, LoadLoop loop) implements Wire.Opener {

    @Override
    public void open(ServerAddress server, Listener listener) {
      RoutingTable table = run.routing();
      ServerAddress fast = table == null ? null : table.fastOf(server);
      if (fast == null) {
        listener.unopened(ErrorKind.REFUSED);
        return;
      }
      RedisWire wire = new RedisWire(run, loop, fast, listener);
      run.transport()
          .open(
              loop.eventLoop(),
              fast,
              pipeline -> pipeline.addLast(wire),
              new Transport.OpenListener() {
                @Override
                public void opened(Channel channel) {
                  wire.opened(channel);
                }

                @Override
                public void failed(TransportException cause) {
                  listener.unopened(ErrorKind.of(cause.reason()));
                }
              });
    }
  }

  private RedisWire(LoadRun run, LoadLoop loop, ServerAddress server, Listener listener) {
    this.keys = run.log().keys();
    this.loop = loop;
    this.server = server;
    this.listener = listener;
    this.maxValue = run.plan().workload().valueSizes().largest();
  }

  private void opened(Channel opened) {
    channel = opened;
    shown = loop.access().token();
    if (shown == null) {
      listener.opened(this);
    } else {
      authenticate(opened, shown);
    }
  }

  private void authenticate(Channel to, String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    asked = Asked.AUTH;
    var _ = to.writeAndFlush(word(start(to, AUTH, bytes), bytes), to.voidPromise());
  }

  @Override
  public boolean isOpen() {
    return channel != null && channel.isActive();
  }

  @Override
  public void get(int key, boolean fromAny) {
    byte[] name = keys.bytes(key);
    send(Asked.GET, GET, name, null, 0);
  }

  @Override
  public void put(int key, byte[] value, int size) {
    send(Asked.SET, SET, keys.bytes(key), value, size);
  }

  @Override
  public void delete(int key) {
    send(Asked.DEL, DEL, keys.bytes(key), null, 0);
  }

  private void send(Asked what, byte[] head, byte[] key, byte @Nullable [] value, int size) {
    Channel to = channel;
    if (to == null || !to.isActive()) {
      listener.unanswered(ErrorKind.CONNECTION_LOST, false);
      return;
    }
    ByteBuf request = word(start(to, head, key), key);
    if (value != null) {
      request.writeByte('$');
      ByteBufUtil.writeAscii(request, Integer.toString(size));
      request.writeByte('\r').writeByte('\n').writeBytes(value, 0, size);
      request.writeByte('\r').writeByte('\n');
    }
    asked = what;
    var _ = to.writeAndFlush(request, to.voidPromise());
  }

  /** A request up to the length of its first argument. */
  private static ByteBuf start(Channel to, byte[] head, byte[] word) {
    ByteBuf request = to.alloc().buffer(head.length + word.length + 64);
    request.writeBytes(head);
    ByteBufUtil.writeAscii(request, Integer.toString(word.length));
    return request.writeByte('\r').writeByte('\n');
  }

  private static ByteBuf word(ByteBuf request, byte[] word) {
    return request.writeBytes(word).writeByte('\r').writeByte('\n');
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf part = (ByteBuf) message;
    ByteBuf all = received;
    if (all == null) {
      all = part;
    } else {
      all.writeBytes(part);
      part.release();
    }
    received = null;
    boolean whole = false;
    try {
      whole = read(all);
    } finally {
      if (whole || !isOpen()) {
        all.release();
      } else {
        received = all;
      }
    }
  }

  /** Whether there is nothing left to be read. */
  private boolean read(ByteBuf in) {
    int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
    if (end < 0) {
      if (in.readableBytes() > LONGEST_LINE) {
        breaks();
      }
      return false;
    }
    int first = in.readerIndex();
    byte kind = in.getByte(first);
    String line = in.toString(first + 1, Math.max(0, end - 2 - first), StandardCharsets.UTF_8);
    if (kind != '$') {
      in.readerIndex(end + 1);
      return unlessMore(in, kind, line);
    }
    int length = length(line);
    if (length < -1 || length > maxValue) {
      breaks();
      return true;
    }
    if (length >= 0 && in.writerIndex() - end - 1 < length + 2) {
      return false;
    }
    ByteBuf value = length < 0 ? Unpooled.EMPTY_BUFFER : in.slice(end + 1, length);
    in.readerIndex(length < 0 ? end + 1 : end + 1 + length + 2);
    if (asked != Asked.GET || in.isReadable()) {
      breaks();
      return true;
    }
    asked = Asked.NOTHING;
    listener.done(length < 0, CacheStatus.UNKNOWN, value);
    return true;
  }

  private static int length(String line) {
    try {
      return Integer.parseInt(line);
    } catch (NumberFormatException e) {
      return -2;
    }
  }

  private boolean unlessMore(ByteBuf in, byte kind, String line) {
    if (in.isReadable() || asked == Asked.NOTHING) {
      breaks();
      return true;
    }
    Asked what = asked;
    asked = Asked.NOTHING;
    switch (kind) {
      case '-' -> error(what, new RedisError(line));
      case '+' -> done(what, what == Asked.SET || what == Asked.AUTH, false);
      case ':' -> done(what, what == Asked.DEL, line.equals("0"));
      default -> done(what, false, false);
    }
    return true;
  }

  private void done(Asked what, boolean expected, boolean absent) {
    if (!expected) {
      asked = what;
      breaks();
    } else if (what == Asked.AUTH) {
      listener.opened(this);
    } else {
      listener.done(absent, CacheStatus.UNKNOWN, Unpooled.EMPTY_BUFFER);
    }
  }

  private void error(Asked what, RedisError error) {
    RedisError.Meaning meaning = error.meaning();
    if (what == Asked.AUTH) {
      refusedToken();
    } else {
      listener.refused(ErrorKind.of(meaning), meaning == RedisError.Meaning.UNKNOWN, 0);
    }
  }

  /** Shows the token that there is by now, if it is another. */
  private void refusedToken() {
    Channel to = channel;
    String before = shown;
    shown = null;
    if (to != null && before != null && loop.access().renewToken(before)) {
      String now = loop.access().token();
      if (now != null) {
        authenticate(to, now);
        return;
      }
    }
    close();
    listener.unopened(ErrorKind.REJECTED);
  }

  /** The server speaks something else: the two sides no longer agree on where a reply starts. */
  private void breaks() {
    fail(ErrorKind.MALFORMED);
    close();
  }

  private void fail(ErrorKind kind) {
    Asked what = asked;
    asked = Asked.NOTHING;
    if (what == Asked.AUTH) {
      listener.unopened(kind);
    } else if (what != Asked.NOTHING) {
      listener.unanswered(kind, true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ByteBuf left = received;
    received = null;
    if (left != null) {
      left.release();
    }
    fail(ErrorKind.CONNECTION_LOST);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(ErrorKind.CONNECTION_LOST);
    close();
  }

  @Override
  public void abort(TransportException cause) {
    fail(ErrorKind.of(cause.reason()));
    close();
  }

  @Override
  public void close() {
    if (channel != null) {
      var _ = channel.close();
    }
  }

  @Override
  public String toString() {
    return "Redis protocol to " + server;
  }
}
