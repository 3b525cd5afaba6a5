package io.weir.cache.redis;

import io.weir.cache.kv.Value;
import io.weir.cache.redis.Commands.Keys;
import io.weir.cache.redis.Ranges.Range;
import io.weir.model.Key;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The commands that read values, or look whether there are some. */
final class ReadCommands {

  private static final Reply STRING = new Reply.Simple("string");
  private static final Reply NONE = new Reply.Simple("none");
  private static final Reply NO_EXPIRY = new Reply.Number(-1);
  private static final Reply NO_KEY = new Reply.Number(-2);

  private static final int SECOND = 1000;
  private static final int BITS = 8;

  private final KeyAccess access;
  private final KeySettings settings;
  private final Clock clock;

  ReadCommands(KeyAccess access, KeySettings settings, Clock clock) {
    this.access = access;
    this.settings = settings;
    this.clock = clock;
  }

  void addTo(Commands commands) {
    of(commands, "get", 2, request -> Replies::value);
    commands.read("mget", -2, Keys.ALL, this::mget);
    commands.read("exists", -2, Keys.ALL, this::exists);
    commands.read("touch", -2, Keys.ALL, this::exists);
    of(commands, "strlen", 2, request -> value -> Replies.number(length(value)));
    of(commands, "getrange", 4, ReadCommands::range);
    of(commands, "substr", 4, ReadCommands::range);
    of(commands, "getbit", 3, this::bit);
    of(commands, "bitcount", -2, ReadCommands::bitCount);
    of(commands, "type", 2, request -> value -> value == null ? NONE : STRING);
    of(commands, "ttl", 2, request -> value -> expiry(value, clock.millis(), SECOND));
    of(commands, "pttl", 2, request -> value -> expiry(value, clock.millis(), 1));
    of(commands, "expiretime", 2, request -> value -> expiry(value, 0, SECOND));
    of(commands, "pexpiretime", 2, request -> value -> expiry(value, 0, 1));
  }

  /**
   * A command that reads one key.
   *
   * @param parse makes of a request what makes the reply
   */
  private void of(
      Commands commands,
      String name,
      int arity,
      Function<Request, Function<@Nullable Value, Reply>> parse) {
    commands.read(
        name,
        arity,
        Keys.ONE,
        (request, session, pending) ->
            access.read(Commands.key(request, 1), session, pending, parse.apply(request)));
  }

  private static int length(@Nullable Value value) {
    return value == null ? 0 : value.bytes().length;
  }

  private void mget(Request request, Session session, Pending pending) {
    AtomicLong bytes = new AtomicLong();
    access.readAll(
        Commands.keys(request, 1),
        session,
        pending,
        value -> {
          if (bytes.addAndGet(length(value)) > settings.maxReplyBytes()) {
            throw new CommandRefusedException(
                "ERR the values of one MGET have at most "
                    + settings.maxReplyBytes()
                    + " bytes: ask for fewer keys at once");
          }
          return Replies.value(value);
        },
        Reply.Array::new);
  }

  /** Counts a key as often as it is named. */
  private void exists(Request request, Session session, Pending pending) {
    List<Key> keys = Commands.keys(request, 1);
    access.readAll(
        keys,
        session,
        pending,
        value -> value != null,
        found -> Replies.number(found.stream().filter(is -> is).count()));
  }

  private static Function<@Nullable Value, Reply> range(Request request) {
    long first = Numbers.parse(request.bytes(2));
    long last = Numbers.parse(request.bytes(3));
    return value ->
        Replies.bytes(value == null ? new byte[0] : Ranges.part(value.bytes(), first, last));
  }

  private Function<@Nullable Value, Reply> bit(Request request) {
    long at = bitOffset(request.bytes(2), settings);
    return value -> value == null ? Replies.ZERO : Replies.number(Bits.get(value.bytes(), at));
  }

  /**
   * The place of a bit.
   *
   * @throws CommandRefusedException when no value may be so long that it has one there
   */
  static long bitOffset(byte[] word, KeySettings settings) {
    String otherwise = "bit offset is not an integer or out of range";
    long at = Numbers.parse(word, otherwise);
    if (at < 0 || at / BITS >= settings.maxValueBytes()) {
      throw new CommandRefusedException("ERR " + otherwise);
    }
    return at;
  }

  /** Of what is absent nothing is counted, whatever the options are. */
  private static Function<@Nullable Value, Reply> bitCount(Request request) {
    return value -> value == null ? Replies.ZERO : Replies.number(bitCount(request, value.bytes()));
  }

  private static long bitCount(Request request, byte[] bytes) {
    if (request.size() == 2) {
      return bitCount(bytes, 0, -1, BITS);
    }
    if (request.size() < 4 || request.size() > 5) {
      throw CommandRefusedException.syntax();
    }
    long first = Numbers.parse(request.bytes(2));
    long last = Numbers.parse(request.bytes(3));
    String unit = request.size() == 5 ? request.text(4).toLowerCase(Locale.ROOT) : "byte";
    return switch (unit) {
      case "byte" -> bitCount(bytes, first, last, BITS);
      case "bit" -> bitCount(bytes, first, last, 1);
      default -> throw CommandRefusedException.syntax();
    };
  }

  /** Counts those of a range of units that have so many bits. */
  private static long bitCount(byte[] bytes, long first, long last, int unit) {
    Range range = Range.of(first, last, (long) bytes.length * BITS / unit);
    return Bits.count(bytes, range.first() * unit, (range.last() + 1) * unit - 1);
  }

  /**
   * When a value expires.
   *
   * @param from in milliseconds since the epoch
   * @param unit milliseconds, to whose nearest number it is rounded
   */
  private static Reply expiry(@Nullable Value value, long from, int unit) {
    if (value == null) {
      return NO_KEY;
    }
    if (value.expiresAtMillis() == Value.NEVER) {
      return NO_EXPIRY;
    }
    long left = Math.max(0, value.expiresAtMillis() - from);
    return Replies.number(left / unit + (2 * (left % unit) >= unit ? 1 : 0));
  }
}
