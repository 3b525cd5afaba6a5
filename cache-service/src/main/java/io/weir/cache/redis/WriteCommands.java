package io.weir.cache.redis;

import io.weir.cache.engine.Edit;
import io.weir.cache.kv.Value;
import io.weir.cache.redis.Commands.Keys;
import io.weir.model.Key;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The commands that put values in the place of others, and those that delete. */
final class WriteCommands {

  private final KeyAccess access;
  private final KeySettings settings;
  private final Clock clock;

  WriteCommands(KeyAccess access, KeySettings settings, Clock clock) {
    this.access = access;
    this.settings = settings;
    this.clock = clock;
  }

  void addTo(Commands commands) {
    commands.write(
        "set",
        -3,
        Keys.ONE,
        request -> !hasGet(request),
        WriteCommands::hasGet,
        (request, session, pending) ->
            set(request, 2, SetOptions.ofSet(request), Reply.OK, Reply.NIL, pending));
    commands.write(
        "setnx",
        3,
        Keys.ONE,
        (request, session, pending) ->
            set(request, 2, SetOptions.IF_ABSENT, Replies.ONE, Replies.ZERO, pending));
    commands.write(
        "setex",
        4,
        Keys.ONE,
        (request, session, pending) -> setExpiring(request, ExpiryTime.SECONDS, pending));
    commands.write(
        "psetex",
        4,
        Keys.ONE,
        (request, session, pending) -> setExpiring(request, ExpiryTime.MILLISECONDS, pending));
    commands.handingOut(
        "getset",
        3,
        Keys.ONE,
        (request, session, pending) ->
            set(request, 2, SetOptions.OLD_VALUE, Reply.OK, Reply.NIL, pending));
    commands.handingOut("getdel", 2, Keys.ONE, this::getdel);
    commands.write("mset", -3, Keys.PAIRS, this::mset);
    commands.write("msetnx", -3, Keys.PAIRS, this::msetnx);
    commands.write("del", -2, Keys.ALL, this::delete);
    commands.write("unlink", -2, Keys.ALL, this::delete);
  }

  /** Whether a {@code SET} asks for the old value. */
  private static boolean hasGet(Request request) {
    for (int i = 3; i < request.size(); i++) {
      if (request.text(i).equalsIgnoreCase("get")) {
        return true;
      }
    }
    return false;
  }

  private void setExpiring(Request request, ExpiryTime time, Pending pending) {
    SetOptions options = SetOptions.expiring(time, request.bytes(2));
    set(request, 3, options, Reply.OK, Reply.NIL, pending);
  }

  /**
   * Sets a key.
   *
   * @param at the value's place
   * @param done what to reply when the old value is not asked for
   * @param undone the same, when a condition does not hold
   */
  private void set(
      Request request, int at, SetOptions options, Reply done, Reply undone, Pending pending) {
    Key key = Commands.key(request, 1);
    byte[] bytes = bounded(request.bytes(at));
    long expiresAt = Value.NEVER;
    if (options.expiry() != null && options.number() != null) {
      expiresAt = options.expiry().ofPositive(options.number(), clock, name(request));
    }
    boolean past = expiresAt <= clock.millis();
    Value value = past ? null : Values.of(bytes, expiresAt);
    if (options.isBlind()) {
      access.write(key, value, pending, done);
      return;
    }
    access.update(
        key,
        pending,
        old -> {
          if ((options.nx() && old != null) || (options.xx() && old == null)) {
            return Decided.nothing(options.get() ? Replies.value(old) : undone);
          }
          Reply reply = options.get() ? Replies.value(old) : done;
          if (old == null && value == null) {
            return Decided.nothing(reply);
          }
          return Decided.edit(
              key,
              options.keepTtl() && old != null ? Values.of(bytes, old.expiresAtMillis()) : value,
              reply);
        });
  }

  private static String name(Request request) {
    return request.text(0).toLowerCase(Locale.ROOT);
  }

  private byte[] bounded(byte[] value) {
    if (value.length > settings.maxValueBytes()) {
      throw CommandRefusedException.tooLong();
    }
    return value;
  }

  private void getdel(Request request, Session session, Pending pending) {
    Key key = Commands.key(request, 1);
    access.update(
        key,
        pending,
        old ->
            old == null ? Decided.nothing(Reply.NIL) : Decided.edit(key, null, Replies.value(old)));
  }

  private void mset(Request request, Session session, Pending pending) {
    List<Edit> edits = edits(request, "mset");
    if (edits.size() == 1) {
      access.write(edits.getFirst().key(), edits.getFirst().value(), pending, Reply.OK);
    } else {
      access.writeAll(edits, pending, Reply.OK);
    }
  }

  private void msetnx(Request request, Session session, Pending pending) {
    List<Edit> edits = edits(request, "msetnx");
    access.updateAll(
        edits.stream().map(Edit::key).toList(),
        pending,
        current ->
            current.stream().anyMatch(each -> each.value() != null)
                ? Decided.nothing(Replies.ZERO)
                : Decided.all(edits, Replies.ONE));
  }

  /** What pairs of keys and values make of each key: of two values of one, the last counts. */
  private List<Edit> edits(Request request, String command) {
    if (request.size() % 2 == 0) {
      throw CommandRefusedException.arity(command);
    }
    Map<Key, Value> values = new LinkedHashMap<>();
    for (int i = 1; i < request.size(); i += 2) {
      values.put(Commands.key(request, i), Values.of(bounded(request.bytes(i + 1)), Value.NEVER));
    }
    List<Edit> edits = new ArrayList<>(values.size());
    values.forEach((key, value) -> edits.add(new Edit(key, value)));
    return edits;
  }

  private void delete(Request request, Session session, Pending pending) {
    List<Key> keys = List.copyOf(new LinkedHashSet<>(Commands.keys(request, 1)));
    access.updateAll(
        keys,
        pending,
        current -> {
          List<Edit> edits = new ArrayList<>();
          for (int i = 0; i < keys.size(); i++) {
            if (current.get(i).value() != null) {
              edits.add(new Edit(keys.get(i), null));
            }
          }
          return Decided.all(edits, Replies.number(edits.size()));
        });
  }
}
