package io.weir.cache.redis;

import io.weir.cache.redis.CommandSpec.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Commands that a test of connections needs. */
final class TestCommands {

  /** The replies that {@code later} and {@code order} owe. */
  final Queue<Pending> owed = new ConcurrentLinkedQueue<>();

  /** Commands of these names that do nothing. */
  static List<CommandSpec> named(String... names) {
    return Stream.of(names)
        .map(name -> new CommandSpec(name, -1, 0, 0, 0, Access.CONNECTED, NOTHING))
        .toList();
  }

  private static final Command NOTHING = (request, session, pending) -> pending.reply(Reply.OK);

  List<CommandSpec> all() {
    List<CommandSpec> all = new ArrayList<>();
    all.add(new CommandSpec("get", 2, 1, 1, 1, Access.READ, NOTHING));
    all.add(
        new CommandSpec(
            "set",
            -3,
            1,
            1,
            1,
            Access.WRITE,
            new Written(request -> request.text(3).equalsIgnoreCase("get"))));
    all.add(
        overtaking(
            "ping",
            Access.CONNECTED,
            (request, pending) ->
                pending.reply(
                    request.size() == 1
                        ? new Reply.Simple("PONG")
                        : new Reply.Bulk(request.bytes(1)))));
    all.add(new CommandSpec("auth", -2, 0, 0, 0, Access.ANYBODY, TestCommands::auth));
    all.add(new CommandSpec("hello", 2, 0, 0, 0, Access.ANYBODY, TestCommands::hello));
    all.add(new CommandSpec("quit", -1, 0, 0, 0, Access.ANYBODY, TestCommands::quit));
    all.add(new CommandSpec("readonly", 1, 0, 0, 0, Access.CONNECTED, TestCommands::readonly));
    all.add(new CommandSpec("mget", -2, 1, -1, 1, Access.READ, TestCommands::echo));
    all.add(new CommandSpec("mset", -3, 1, -1, 2, Access.WRITE, TestCommands::echo));
    all.add(new CommandSpec("flushall", -1, 0, 0, 0, Access.OPERATE, NOTHING));
    all.add(
        new CommandSpec(
            "later",
            -1,
            0,
            0,
            0,
            Access.CONNECTED,
            (request, session, pending) -> owed.add(pending)));
    all.add(overtaking("order", Access.CONNECTED, (request, pending) -> owed.add(pending)));
    all.add(
        new CommandSpec(
            "elsewhere",
            2,
            0,
            0,
            0,
            Access.CONNECTED,
            (request, session, pending) ->
                pending.offLoop(() -> pending.reply(new Reply.Bulk(request.bytes(1))))));
    all.add(
        new CommandSpec(
            "fails",
            1,
            0,
            0,
            0,
            Access.CONNECTED,
            (request, session, pending) ->
                pending.offLoop(() -> {
                  throw new IllegalStateException("as it is to");
                })));
    return all;
  }

  private static CommandSpec overtaking(
      String name, Access access, BiConsumer<Request, Pending> body) {
    Command command =
        new Command() {
          @Override
          public boolean overtakes(Request request) {
            return true;
          }

          @Override
          public void run(Request request, Session session, Pending pending) {
            body.accept(request, pending);
          }
        };
    return new CommandSpec(name, -1, 0, 0, 0, access, command);
  }

  /** A write that tells what there was when a test says so. */
  private record Written(Predicate<Request> tells) implements Command {

    @Override
    public boolean tellsValues(Request request) {
      return tells.test(request);
    }

    @Override
    public void run(Request request, Session session, Pending pending) {
      pending.reply(Reply.OK);
    }
  }

  private static void auth(Request request, Session session, Pending pending) {
    String refused = session.authenticate(request.text(request.size() - 1));
    pending.reply(refused == null ? Reply.OK : new Reply.Failure(refused));
  }

  private static void hello(Request request, Session session, Pending pending) {
    session.protocol(Integer.parseInt(request.text(1)));
    pending.reply(
        new Reply.Mapping(
            List.of(new Reply.Simple("proto"), new Reply.Number(session.protocol()))));
  }

  private static void quit(Request request, Session session, Pending pending) {
    pending.reply(Reply.OK);
    session.closeAfterReplies();
  }

  private static void readonly(Request request, Session session, Pending pending) {
    session.readsReplicas(true);
    pending.reply(Reply.OK);
  }

  private static void echo(Request request, Session session, Pending pending) {
    List<Reply> words = new ArrayList<>();
    for (int i = 1; i < request.size(); i++) {
      words.add(new Reply.Bulk(request.bytes(i)));
    }
    pending.reply(new Reply.Array(words));
  }
}
