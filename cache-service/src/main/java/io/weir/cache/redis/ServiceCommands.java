package io.weir.cache.redis;

import io.weir.cache.kv.Value;
import io.weir.cache.redis.CommandSpec.Access;
import io.weir.cache.redis.Commands.Keys;
import io.weir.model.Durability;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** The commands that ask how values are kept. */
final class ServiceCommands {

  private static final Reply HELP =
      new Reply.Array(
          Stream.of(
                  "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
                  "ENCODING <key>",
                  "    Return what Redis would keep the value of <key> as.",
                  "REFCOUNT <key>",
                  "    Return 1, if there is a <key>.",
                  "FREQ <key>",
                  "    Refused: how often a key is used is not told.",
                  "IDLETIME <key>",
                  "    Refused: when a key was used last is not told.",
                  "HELP",
                  "    Print this help.")
              .<Reply>map(Reply.Simple::new)
              .toList());

  /** The longest string that Redis keeps beside its header. */
  private static final int MOST_EMBEDDED = 44;

  private final KeyAccess access;
  private final KeySettings settings;
  private final IntSupplier copies;

  /**
   * @param copies how many other members have a write in their journal for certain when it is
   *     acknowledged
   */
  ServiceCommands(KeyAccess access, KeySettings settings, IntSupplier copies) {
    this.access = access;
    this.settings = settings;
    this.copies = copies;
  }

  void addTo(Commands commands) {
    commands.read("object", -2, Keys.SECOND, this::object);
    commands.keyless("wait", 3, Access.CONNECTED, this::await);
    commands.keyless("waitaof", 4, Access.CONNECTED, this::awaitDisk);
  }

  private void object(Request request, Session session, Pending pending) {
    String subcommand = request.text(1).toLowerCase(Locale.ROOT);
    if (subcommand.equals("help")) {
      requireWords(request, 2);
      pending.reply(HELP);
      return;
    }
    Function<Value, Reply> reply =
        switch (subcommand) {
          case "encoding" -> value -> Replies.text(encoding(value.bytes()));
          case "refcount" -> value -> Replies.ONE;
          case "freq" ->
              value ->
                  new Reply.Failure(
                      "ERR An LFU maxmemory policy is not selected, access frequency not tracked.");
          case "idletime" -> value -> new Reply.Failure("ERR Idle time is not tracked.");
          default ->
              throw new CommandRefusedException(
                  "ERR unknown subcommand '"
                      + CommandRefusedException.excerpt(request.text(1))
                      + "'. Try OBJECT HELP.");
        };
    requireWords(request, 3);
    access.read(
        Commands.key(request, 2),
        session,
        pending,
        value -> value == null ? Reply.NIL : reply.apply(value));
  }

  private static void requireWords(Request request, int words) {
    if (request.size() != words) {
      throw CommandRefusedException.arity("object|" + request.text(1).toLowerCase(Locale.ROOT));
    }
  }

  private static String encoding(byte[] bytes) {
    if (Numbers.tryParse(bytes).isPresent()) {
      return "int";
    }
    return bytes.length <= MOST_EMBEDDED ? "embstr" : "raw";
  }

  /** All that this connection wrote is acknowledged before this runs, so nothing is waited for. */
  private void await(Request request, Session session, Pending pending) {
    long _ = Numbers.parse(request.bytes(1));
    requireTimeout(request.bytes(2));
    pending.reply(Replies.number(copies.getAsInt()));
  }

  private void awaitDisk(Request request, Session session, Pending pending) {
    long local = Numbers.parse(request.bytes(1));
    if (local < 0 || local > 1) {
      throw new CommandRefusedException("ERR value is out of range, value must between 0 and 1");
    }
    if (Numbers.parse(request.bytes(2)) < 0) {
      throw new CommandRefusedException("ERR value is out of range, must be positive");
    }
    requireTimeout(request.bytes(3));
    int others = copies.getAsInt();
    boolean here = others > 0 || settings.durability() == Durability.JOURNAL;
    if (local == 1 && !here) {
      throw new CommandRefusedException(
          "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
    }
    pending.reply(
        new Reply.Array(List.of(here ? Replies.ONE : Replies.ZERO, Replies.number(others))));
  }

  private static void requireTimeout(byte[] word) {
    if (Numbers.parse(word, "timeout is not an integer or out of range") < 0) {
      throw new CommandRefusedException("ERR timeout is negative");
    }
  }
}
