package io.weir.cache.redis;

import io.weir.cache.engine.Read;
import io.weir.cache.kv.Value;
import io.weir.cache.redis.CommandSpec.Access;
import io.weir.cache.redis.CommandTable.Known;
import io.weir.cache.redis.CommandTable.Way;
import io.weir.model.Consistency;
import io.weir.model.InvalidKeyException;
import io.weir.model.Key;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Begins commands: it holds a request against what is known of its command, in the order in which
 * Redis does, and runs it. {@code GET}, and {@code SET} without options, which most requests are,
 * take a shorter way than a {@link Command} to the same.
 *
 * <p>Stateless: a request that has to wait is begun again.
 */
final class Dispatcher {

  /** Bytes of what a client has sent that are repeated to it. */
  private static final int EXCERPT_BYTES = 128;

  private static final Reply NO_AUTH = new Reply.Failure("NOAUTH Authentication required.");

  private static final Reply CROSS_SLOT =
      new Reply.Failure("CROSSSLOT Keys in request don't hash to the same slot");

  private static final int NO_SLOT = -1;
  private static final int SEVERAL_SLOTS = -2;

  /** Of a write whose key a read waits for. */
  private static final int WAITS = -3;

  private final Routes routes;
  private final Entries entries;
  private final EngineErrors errors;
  private final RespMeters meters;

  Dispatcher(Routes routes, Entries entries, EngineErrors errors, RespMeters meters) {
    this.routes = routes;
    this.entries = entries;
    this.errors = errors;
    this.meters = meters;
  }

  /**
   * Begins the request that the connection's decoder has.
   *
   * @return false when it may not begin yet; nothing has happened then
   */
  boolean begin(RespConnection connection) {
    RespDecoder decoder = connection.decoder();
    RespSession session = connection.session();
    Known known = decoder.command();
    String refusal = decoder.refusal();
    if (refusal != null) {
      meters.refused(refusal.startsWith("TRYAGAIN") ? "overloaded" : "too-large");
      return answered(connection, new Reply.Failure(refusal));
    }
    if (known == null) {
      meters.refused("unknown-command");
      return answered(connection, unknown(decoder));
    }
    CommandSpec spec = known.spec();
    int words = decoder.count();
    if (!spec.takes(words)) {
      return answered(connection, Answer.arity(spec.name()));
    }
    if (spec.access() != Access.ANYBODY) {
      Reply forbidden = forbidden(session, spec);
      if (forbidden != null) {
        return answered(connection, forbidden);
      }
    }
    if (known.way() == Way.GET) {
      return get(connection, known);
    }
    if (known.way() == Way.SET && words == 3) {
      return set(connection, known);
    }
    return run(connection, known);
  }

  /** Replies to a request that is over with that. */
  private static boolean answered(RespConnection connection, Reply reply) {
    connection.account().free(connection.decoder().heldBytes());
    connection.answer(reply);
    return true;
  }

  private static @Nullable Reply forbidden(RespSession session, CommandSpec spec) {
    if (!session.isTrusted()) {
      return NO_AUTH;
    }
    Access access = spec.access();
    return access == Access.CONNECTED || session.may(access)
        ? null
        : noPermission(session, spec, access);
  }

  private static Reply noPermission(RespSession session, CommandSpec spec, Access needed) {
    String role =
        switch (needed) {
          case READ -> "read";
          case WRITE -> "write";
          default -> "operate";
        };
    return new Reply.Failure(
        "NOPERM User "
            + session.user()
            + " has no permissions to run the '"
            + spec.name()
            + "' command: its token does not have the role "
            + role);
  }

  private boolean get(RespConnection connection, Known known) {
    long began = connection.begins();
    RespSession session = connection.session();
    RespDecoder decoder = connection.decoder();
    boolean eventual = session.readsReplicas();
    Consistency asked = eventual ? Consistency.EVENTUAL : null;
    Key key;
    try {
      key = Key.of(decoder.word(1));
    } catch (InvalidKeyException e) {
      return answered(connection, EngineErrors.invalidKey(e));
    }
    Reply misdirected = routes.misdirected(key.slot(), eventual);
    if (misdirected != null) {
      return !isHeldBack(connection, key.slot()) && answered(connection, misdirected);
    }
    if (!connection.isSettled()) {
      connection
          .reads()
          .add(
              connection
                  .ownPlace()
                  .begin(known, key.slot(), decoder.heldBytes(), began)
                  .reading(key, asked));
      return true;
    }
    Read read;
    try {
      read = entries.tryRead(key, asked);
    } catch (RuntimeException e) {
      known.meters().answered(true, System.nanoTime() - began);
      return answered(connection, errors.of(e, key.slot(), eventual));
    }
    if (read == null) {
      connection
          .reads()
          .addFirst(
              connection
                  .place()
                  .begin(known, key.slot(), decoder.heldBytes(), began)
                  .reading(key, asked));
      return true;
    }
    connection.account().free(decoder.heldBytes());
    Value value = read.what().value();
    if (value == null) {
      connection.out().nil();
    } else {
      connection.out().value(value.bytes());
    }
    long now = System.nanoTime();
    known.meters().answered(false, now - began);
    connection.answered(now);
    return true;
  }

  private boolean set(RespConnection connection, Known known) {
    RespDecoder decoder = connection.decoder();
    Key key;
    try {
      key = Key.of(decoder.word(1));
    } catch (InvalidKeyException e) {
      return answered(connection, EngineErrors.invalidKey(e));
    }
    if (!connection.reads().mayPass(key)) {
      return false;
    }
    Reply misdirected = routes.misdirected(key.slot(), false);
    if (misdirected != null) {
      return !isHeldBack(connection, key.slot()) && answered(connection, misdirected);
    }
    // No media type: over HTTP that is application/octet-stream, and it takes no memory.
    Value value = new Value(decoder.word(2), null, Value.NEVER);
    Place place =
        connection.ownPlace().begin(known, key.slot(), decoder.heldBytes(), connection.begins());
    try {
      if (!entries.tryWrite(key, value, place)) {
        place.offLoop(() -> entries.startWrite(key, value, place));
      }
    } catch (RuntimeException e) {
      place.spent().fail(e);
    }
    return true;
  }

  private boolean run(RespConnection connection, Known known) {
    CommandSpec spec = known.spec();
    RespDecoder decoder = connection.decoder();
    RespSession session = connection.session();
    Request request = decoder.request();
    Command command = spec.command();
    if (!connection.isSettled() && !command.overtakes(request)) {
      return false;
    }
    if (spec.access() == Access.WRITE
        && !session.may(Access.READ)
        && command.tellsValues(request)) {
      return answered(connection, noPermission(session, spec, Access.READ));
    }
    int slot;
    try {
      slot = slot(spec, decoder, connection.reads());
    } catch (InvalidKeyException e) {
      return answered(connection, EngineErrors.invalidKey(e));
    }
    if (slot == WAITS) {
      return false;
    }
    if (slot == SEVERAL_SLOTS) {
      return answered(connection, CROSS_SLOT);
    }
    if (slot != NO_SLOT) {
      boolean eventual = session.readsReplicas() && spec.access() == Access.READ;
      Reply misdirected = routes.misdirected(slot, eventual);
      if (misdirected != null) {
        return !isHeldBack(connection, slot) && answered(connection, misdirected);
      }
    }
    Place place = connection.place().begin(known, slot, decoder.heldBytes(), connection.begins());
    try {
      command.run(request, session, place);
    } catch (RuntimeException e) {
      place.fail(e);
    }
    return true;
  }

  /** The slot of all keys of a request; or one of the numbers that are none. */
  private static int slot(CommandSpec spec, RespDecoder decoder, WaitingReads reads) {
    if (spec.firstKey() == 0) {
      return NO_SLOT;
    }
    int last = spec.lastKey() < 0 ? decoder.count() + spec.lastKey() : spec.lastKey();
    int slot = NO_SLOT;
    for (int i = spec.firstKey(); i <= last && i < decoder.count(); i += spec.step()) {
      Key key = Key.of(decoder.word(i));
      if (slot != NO_SLOT && slot != key.slot()) {
        return SEVERAL_SLOTS;
      }
      slot = key.slot();
      if (!reads.mayPass(key)) {
        return WAITS;
      }
    }
    return slot;
  }

  /** Whether a request that is not for this server waits for a leader, who may be this server. */
  private boolean isHeldBack(RespConnection connection, int slot) {
    return routes.awaitsLeader(slot) && connection.awaitsLeader();
  }

  private static Reply unknown(RespDecoder decoder) {
    StringBuilder arguments = new StringBuilder();
    for (int i = 1; i < decoder.count() && arguments.length() < EXCERPT_BYTES; i++) {
      int room = EXCERPT_BYTES - arguments.length();
      arguments.append('\'').append(excerpt(decoder.word(i), room)).append("' ");
    }
    return new Reply.Failure(
        "ERR unknown command '"
            + excerpt(decoder.word(0), EXCERPT_BYTES)
            + "', with args beginning with: "
            + arguments);
  }

  private static String excerpt(byte[] word, int most) {
    return new String(word, 0, Math.min(word.length, most), StandardCharsets.UTF_8);
  }
}
