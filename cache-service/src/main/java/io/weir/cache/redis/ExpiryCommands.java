package io.weir.cache.redis;

import io.weir.cache.kv.Value;
import io.weir.cache.redis.Commands.Keys;
import io.weir.model.Key;
import java.time.Clock;

/**
 * The commands that change when a value expires. Each of them writes the value again, as a whole
 * and as durably as a put.
 */
final class ExpiryCommands {

  private final KeyAccess access;
  private final Clock clock;

  ExpiryCommands(KeyAccess access, Clock clock) {
    this.access = access;
    this.clock = clock;
  }

  void addTo(Commands commands) {
    expire(commands, "expire", ExpiryTime.SECONDS);
    expire(commands, "pexpire", ExpiryTime.MILLISECONDS);
    expire(commands, "expireat", ExpiryTime.AT_SECONDS);
    expire(commands, "pexpireat", ExpiryTime.AT_MILLISECONDS);
    commands.write("persist", 2, Keys.ONE, this::persist);
    commands.handingOut("getex", -2, Keys.ONE, this::getex);
  }

  private void expire(Commands commands, String name, ExpiryTime time) {
    commands.write(
        name,
        -3,
        Keys.ONE,
        (request, session, pending) -> {
          Key key = Commands.key(request, 1);
          ExpireCondition condition = ExpireCondition.of(request);
          long at = time.of(request.bytes(2), clock, name);
          access.update(
              key,
              pending,
              old ->
                  old == null || !condition.holds(old.expiresAtMillis(), at)
                      ? Decided.nothing(Replies.ZERO)
                      : expiring(key, old, at, Replies.ONE));
        });
  }

  /** Lets a value expire at a time, which may have been. */
  private Decided expiring(Key key, Value old, long atMillis, Reply reply) {
    return atMillis <= clock.millis()
        ? Decided.edit(key, null, reply)
        : Decided.expiring(key, old, atMillis, reply);
  }

  private void persist(Request request, Session session, Pending pending) {
    Key key = Commands.key(request, 1);
    access.update(
        key,
        pending,
        old ->
            old == null || old.expiresAtMillis() == Value.NEVER
                ? Decided.nothing(Replies.ZERO)
                : Decided.expiring(key, old, Value.NEVER, Replies.ONE));
  }

  private void getex(Request request, Session session, Pending pending) {
    Key key = Commands.key(request, 1);
    SetOptions options = SetOptions.ofGetex(request);
    ExpiryTime time = options.expiry();
    byte[] number = options.number();
    if (!options.persist() && (time == null || number == null)) {
      access.read(key, session, pending, Replies::value);
      return;
    }
    access.update(
        key,
        pending,
        old -> {
          if (old == null) {
            return Decided.nothing(Reply.NIL);
          }
          long at =
              time == null || number == null
                  ? Value.NEVER
                  : time.ofPositive(number, clock, "getex");
          return expiring(key, old, at, Replies.value(old));
        });
  }
}
