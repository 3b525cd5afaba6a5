package io.weir.cache.redis;

import io.weir.cache.redis.CommandSpec.Access;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Commands of Redis that there are not, and that get a sentence in place of {@code unknown
 * command}: those that clients send by themselves, or that somebody may have counted on.
 */
final class RefusedCommands {

  private static final Map<String, List<String>> WHY =
      Map.of(
          "there are no transactions; MSET, MSETNX and DEL of several keys are one change each",
          List.of("multi", "exec", "discard", "watch", "unwatch"),
          "no scripts are run; INCR, APPEND, SET with NX, XX or GET and their like are atomic",
          List.of("eval", "eval_ro", "evalsha", "evalsha_ro", "script", "fcall", "fcall_ro"),
          "no messages are passed on",
          List.of(
              "subscribe",
              "psubscribe",
              "ssubscribe",
              "unsubscribe",
              "punsubscribe",
              "sunsubscribe",
              "publish",
              "spublish",
              "pubsub",
              "monitor"),
          "this is a cluster, whose servers CLUSTER SHARDS lists",
          List.of("sentinel"));

  /** Replies why not. */
  record Refusal(Reply sentence) implements Answer {

    @Override
    public Reply to(Request request, Session session) {
      return sentence;
    }
  }

  private RefusedCommands() {}

  static List<CommandSpec> specs() {
    return WHY.entrySet().stream()
        .flatMap(each -> each.getValue().stream().map(name -> spec(name, each.getKey())))
        .toList();
  }

  private static CommandSpec spec(String name, String why) {
    Reply sentence = Answer.error(name.toUpperCase(Locale.ROOT) + " is not supported: " + why);
    return new CommandSpec(name, -1, 0, 0, 0, Access.CONNECTED, new Refusal(sentence));
  }

  /** What the suites of Redis, and clients in their tests, begin with: there are no functions. */
  static Subcommands function() {
    return new Subcommands("function")
        .answering(
            -2,
            "FLUSH [ASYNC|SYNC]",
            "Accepted without effect: there are no functions.",
            (r, s) -> Reply.OK)
        .answering(
            -2,
            "LIST [LIBRARYNAME <pattern>] [WITHCODE]",
            "Return no library, since there is none.",
            (r, s) -> Reply.EMPTY)
        .withHelp();
  }
}
