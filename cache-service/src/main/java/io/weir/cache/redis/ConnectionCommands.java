package io.weir.cache.redis;

import io.weir.cache.redis.CommandSpec.Access;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a connection: what its client says of itself, and how it wants to be spoken to.
 *
 * <p>A token alone says who a client is. The name of a user that {@code AUTH} and {@code HELLO} can
 * carry is not looked at, since many clients send one that they were given no choice of.
 */
final class ConnectionCommands {

  private static final Reply PONG = new Reply.Simple("PONG");
  private static final int MOST_ARGUMENTS_OF_AUTH = 3;
  private static final int NEWEST_PROTOCOL = 3;
  private static final long NANOS_OF_A_MICRO = 1_000;

  private static final String NO_PASSWORD =
      "AUTH <password> called without any password configured for the default user. Are you sure"
          + " your configuration is correct?";

  private static final Reply WRONG_PASSWORD =
      new Reply.Failure("WRONGPASS invalid username-password pair or user is disabled.");

  private static final Reply HELLO_NEEDS_AUTH =
      new Reply.Failure(
          "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
              + " <proto> AUTH <user> <pass> option can be used to authenticate the client and"
              + " select the RESP protocol version at the same time");

  private final Supplier<ClusterMap> cluster;
  private final ServerFacts facts;
  private final Clock clock;

  ConnectionCommands(Supplier<ClusterMap> cluster, ServerFacts facts, Clock clock) {
    this.cluster = cluster;
    this.facts = facts;
    this.clock = clock;
  }

  List<CommandSpec> specs() {
    return List.of(
        spec("ping", -1, Access.CONNECTED, (Answer) ConnectionCommands::ping),
        spec("echo", 2, Access.CONNECTED, (Answer) (r, s) -> new Reply.Bulk(r.bytes(1))),
        spec("time", 1, Access.CONNECTED, (Answer) (r, s) -> time()),
        spec("quit", -1, Access.ANYBODY, Answer.inTurn(ConnectionCommands::quit)),
        spec("reset", 1, Access.ANYBODY, Answer.inTurn(ConnectionCommands::reset)),
        spec("select", 2, Access.CONNECTED, (Answer) (r, s) -> select(r)),
        spec("auth", -2, Access.ANYBODY, Answer.inTurn(this::auth)),
        spec("hello", -1, Access.ANYBODY, Answer.inTurn(this::hello)),
        spec("asking", 1, Access.CONNECTED, (Answer) (r, s) -> Reply.OK),
        spec("readonly", 1, Access.CONNECTED, Answer.inTurn((r, s) -> replicas(s, true))),
        spec("readwrite", 1, Access.CONNECTED, Answer.inTurn((r, s) -> replicas(s, false))));
  }

  private static CommandSpec spec(String name, int arity, Access access, Command command) {
    return new CommandSpec(name, arity, 0, 0, 0, access, command);
  }

  private static Reply ping(Request request, Session session) {
    return switch (request.size()) {
      case 1 -> PONG;
      case 2 -> new Reply.Bulk(request.bytes(1));
      default -> Answer.arity("ping");
    };
  }

  private Reply time() {
    Instant now = clock.instant();
    return Answer.array(
        Answer.bulk(Long.toString(now.getEpochSecond())),
        Answer.bulk(Long.toString(now.getNano() / NANOS_OF_A_MICRO)));
  }

  private static Reply quit(Request request, Session session) {
    session.closeAfterReplies();
    return Reply.OK;
  }

  private static Reply reset(Request request, Session session) {
    session.reset();
    return new Reply.Simple("RESET");
  }

  private static Reply select(Request request) {
    OptionalLong database = Numbers.tryParse(request.bytes(1));
    if (database.isEmpty()) {
      return Answer.error("value is not an integer or out of range");
    }
    return database.getAsLong() == 0
        ? Reply.OK
        : Answer.error("SELECT is not allowed in cluster mode");
  }

  private static Reply replicas(Session session, boolean eventual) {
    session.readsReplicas(eventual);
    return Reply.OK;
  }

  private Reply auth(Request request, Session session) {
    if (request.size() > MOST_ARGUMENTS_OF_AUTH) {
      return Answer.error("syntax error");
    }
    if (request.size() == 2 && !facts.asksForTokens()) {
      return Answer.error(NO_PASSWORD);
    }
    Reply refusal =
        refusal(
            session,
            request.size() == 2 ? "default" : request.text(1),
            request.text(request.size() - 1));
    return refusal == null ? Reply.OK : refusal;
  }

  /** Logs in; where nobody has to, the user {@code default} may with any password, as in Redis. */
  private @Nullable Reply refusal(Session session, String user, String token) {
    if (!facts.asksForTokens()) {
      return user.equals("default") ? null : WRONG_PASSWORD;
    }
    String refusal = session.authenticate(token);
    return refusal == null ? null : new Reply.Failure(refusal);
  }

  private Reply hello(Request request, Session session) {
    int version = session.protocol();
    if (request.size() > 1) {
      OptionalLong asked = Numbers.tryParse(request.bytes(1));
      if (asked.isEmpty()) {
        return Answer.error("Protocol version is not an integer or out of range");
      }
      if (asked.getAsLong() < 2 || asked.getAsLong() > NEWEST_PROTOCOL) {
        return new Reply.Failure("NOPROTO unsupported protocol version");
      }
      version = (int) asked.getAsLong();
    }
    String name = null;
    String user = null;
    String token = "";
    for (int at = 2; at < request.size(); at++) {
      int left = request.size() - 1 - at;
      String option = request.text(at).toLowerCase(Locale.ROOT);
      if (option.equals("auth") && left >= 2) {
        user = request.text(at + 1);
        token = request.text(at + 2);
        at += 2;
      } else if (option.equals("setname") && left >= 1) {
        at++;
        name = request.text(at);
        if (!ClientCommand.isPlain(name)) {
          return Answer.error(ClientCommand.NOT_PLAIN.formatted("Client names"));
        }
      } else {
        return Answer.error("Syntax error in HELLO option '" + request.text(at) + "'");
      }
    }
    Reply refusal = user == null ? null : refusal(session, user, token);
    if (refusal != null) {
      return refusal;
    }
    if (!session.isTrusted()) {
      return HELLO_NEEDS_AUTH;
    }
    if (name != null) {
      session.name(name);
    }
    session.protocol(version);
    return greeting(session);
  }

  private Reply greeting(Session session) {
    return new Reply.Mapping(
        List.of(
            Answer.bulk("server"),
            Answer.bulk("redis"),
            Answer.bulk("version"),
            Answer.bulk(ServerFacts.REDIS_VERSION),
            Answer.bulk("proto"),
            new Reply.Number(session.protocol()),
            Answer.bulk("id"),
            new Reply.Number(session.id()),
            Answer.bulk("mode"),
            Answer.bulk("cluster"),
            Answer.bulk("role"),
            Answer.bulk(cluster.get().leads() ? "master" : "replica"),
            Answer.bulk("modules"),
            Reply.EMPTY));
  }
}
