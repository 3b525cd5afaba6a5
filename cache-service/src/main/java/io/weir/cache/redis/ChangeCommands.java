package io.weir.cache.redis;

import io.weir.cache.kv.Value;
import io.weir.cache.redis.Commands.Keys;
import io.weir.model.Key;
import org.jspecify.annotations.Nullable;

/**
 * The commands that make a new value of an old one: they count, append and overwrite. The media
 * type and the expiry stay.
 */
final class ChangeCommands {

  private final KeyAccess access;
  private final KeySettings settings;

  ChangeCommands(KeyAccess access, KeySettings settings) {
    this.access = access;
    this.settings = settings;
  }

  void addTo(Commands commands) {
    commands.telling("incr", 2, Keys.ONE, (request, session, pending) -> add(request, 1, pending));
    commands.telling("decr", 2, Keys.ONE, (request, session, pending) -> add(request, -1, pending));
    commands.telling(
        "incrby",
        3,
        Keys.ONE,
        (request, session, pending) -> add(request, Numbers.parse(request.bytes(2)), pending));
    commands.telling("decrby", 3, Keys.ONE, this::decrby);
    commands.telling("incrbyfloat", 3, Keys.ONE, this::incrbyfloat);
    commands.write("append", 3, Keys.ONE, this::append);
    commands.write("setrange", 4, Keys.ONE, this::setrange);
    commands.telling("setbit", 4, Keys.ONE, this::setbit);
  }

  private void decrby(Request request, Session session, Pending pending) {
    long decrement = Numbers.parse(request.bytes(2));
    if (decrement == Long.MIN_VALUE) {
      throw new CommandRefusedException("ERR decrement would overflow");
    }
    add(request, -decrement, pending);
  }

  private void add(Request request, long increment, Pending pending) {
    change(
        request,
        pending,
        (key, old) -> {
          long sum = Numbers.sum(old == null ? 0 : Numbers.parse(old.bytes()), increment);
          return Decided.changed(key, old, Numbers.print(sum), Replies.number(sum));
        });
  }

  private void incrbyfloat(Request request, Session session, Pending pending) {
    change(
        request,
        pending,
        (key, old) -> {
          byte[] sum = Decimals.sum(old == null ? null : old.bytes(), request.bytes(2));
          return Decided.changed(key, old, bounded(sum), Replies.bytes(sum));
        });
  }

  private void append(Request request, Session session, Pending pending) {
    byte[] more = request.bytes(2);
    change(
        request,
        pending,
        (key, old) -> {
          int before = length(old);
          requireRoom(before, more.length);
          Reply length = Replies.number(before + more.length);
          if (old == null) {
            return Decided.changed(key, null, more, length);
          }
          return more.length == 0
              ? Decided.nothing(length)
              : Decided.changed(key, old, Ranges.joined(old.bytes(), more), length);
        });
  }

  private void setrange(Request request, Session session, Pending pending) {
    long offset = Numbers.parse(request.bytes(2));
    byte[] part = request.bytes(3);
    if (offset < 0) {
      throw new CommandRefusedException("ERR offset is out of range");
    }
    change(
        request,
        pending,
        (key, old) -> {
          if (part.length == 0) {
            return Decided.nothing(Replies.number(length(old)));
          }
          requireRoom(offset, part.length);
          byte[] bytes = Ranges.overwritten(bytes(old), (int) offset, part);
          return Decided.changed(key, old, bytes, Replies.number(bytes.length));
        });
  }

  private void setbit(Request request, Session session, Pending pending) {
    long at = ReadCommands.bitOffset(request.bytes(2), settings);
    String otherwise = "bit is not an integer or out of range";
    long bit = Numbers.parse(request.bytes(3), otherwise);
    if (bit != 0 && bit != 1) {
      throw new CommandRefusedException("ERR " + otherwise);
    }
    change(
        request,
        pending,
        (key, old) -> {
          int before = old == null ? 0 : Bits.get(old.bytes(), at);
          Reply reply = Replies.number(before);
          if (before == bit && at / Byte.SIZE < length(old)) {
            return Decided.nothing(reply);
          }
          return Decided.changed(key, old, Bits.with(bytes(old), at, bit == 1), reply);
        });
  }

  /** Makes of the key of a request what is decided from the value that it has. */
  private void change(Request request, Pending pending, Change change) {
    Key key = Commands.key(request, 1);
    access.update(key, pending, old -> change.of(key, old));
  }

  @FunctionalInterface
  private interface Change {
    Decided of(Key key, @Nullable Value old);
  }

  private static byte @Nullable [] bytes(@Nullable Value value) {
    return value == null ? null : value.bytes();
  }

  private static int length(@Nullable Value value) {
    return value == null ? 0 : value.bytes().length;
  }

  private byte[] bounded(byte[] value) {
    requireRoom(0, value.length);
    return value;
  }

  /** Refuses so many bytes after so many others. */
  private void requireRoom(long before, int more) {
    if (before > settings.maxValueBytes() - (long) more) {
      throw CommandRefusedException.tooLong();
    }
  }
}
