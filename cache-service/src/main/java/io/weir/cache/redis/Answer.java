package io.weir.cache.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A command that asks for nothing but what is at hand: it replies at once, and concerns neither
 * keys nor their order.
 */
@FunctionalInterface
interface Answer extends Command {

  Reply to(Request request, Session session);

  @Override
  default boolean overtakes(Request request) {
    return true;
  }

  @Override
  default void run(Request request, Session session, Pending pending) {
    pending.reply(to(request, session));
  }

  /** The same, of a command that changes how its connection goes on: earlier ones reply first. */
  static Command inTurn(Answer answer) {
    return (request, session, pending) -> pending.reply(answer.to(request, session));
  }

  static Reply bulk(String text) {
    return new Reply.Bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  static Reply array(Reply... elements) {
    return new Reply.Array(List.of(elements));
  }

  static Reply bulks(Stream<String> texts) {
    return new Reply.Array(texts.map(Answer::bulk).toList());
  }

  static Reply error(String text) {
    return new Reply.Failure("ERR " + text);
  }

  /** That words are missing, or too many. */
  static Reply arity(String command) {
    return CommandRefusedException.arity(command).reply();
  }
}
