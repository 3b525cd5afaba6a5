package io.weir.cache.redis;

import io.weir.cache.redis.CommandSpec.Access;
import io.weir.cache.redis.RefusedCommands.Refusal;
import io.weir.cache.redis.Subcommands.Subcommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code COMMAND}: what commands there are, made of what is known of each. What is refused is none.
 */
final class CommandCommand implements Command {

  /** How clients that speak to a whole cluster are to treat a command. */
  private static final Reply TOO_MANY = Answer.error("there are not so many commands");

  private static final Map<String, List<String>> TIPS =
      Map.ofEntries(
          Map.entry("dbsize", List.of("request_policy:all_shards", "response_policy:agg_sum")),
          Map.entry(
              "flushall", List.of("request_policy:all_shards", "response_policy:all_succeeded")),
          Map.entry(
              "flushdb", List.of("request_policy:all_shards", "response_policy:all_succeeded")),
          Map.entry("keys", List.of("request_policy:all_shards", "nondeterministic_output_order")),
          Map.entry("ping", List.of("request_policy:all_shards", "response_policy:all_succeeded")),
          Map.entry("randomkey", List.of("request_policy:all_shards", "nondeterministic_output")),
          Map.entry("scan", List.of("nondeterministic_output", "request_policy:special")),
          Map.entry("wait", List.of("request_policy:all_shards", "response_policy:agg_min")),
          Map.entry("del", List.of("request_policy:multi_shard", "response_policy:agg_sum")),
          Map.entry("unlink", List.of("request_policy:multi_shard", "response_policy:agg_sum")),
          Map.entry("exists", List.of("request_policy:multi_shard", "response_policy:agg_sum")),
          Map.entry("touch", List.of("request_policy:multi_shard", "response_policy:agg_sum")),
          Map.entry("mget", List.of("request_policy:multi_shard")),
          Map.entry(
              "mset", List.of("request_policy:multi_shard", "response_policy:all_succeeded")));

  private static final int FIRST_NAME = 2;

  private final Map<String, CommandSpec> commands = new TreeMap<>();
  private final Subcommands subcommands = subcommandsOf();

  /** Takes the commands that there are, this one among them. */
  void know(List<CommandSpec> all) {
    for (CommandSpec spec : all) {
      if (!(spec.command() instanceof Refusal)) {
        commands.put(spec.name(), spec);
      }
    }
  }

  @Override
  public boolean overtakes(Request request) {
    return true;
  }

  @Override
  public void run(Request request, Session session, Pending pending) {
    if (request.size() == 1) {
      pending.reply(new Reply.Array(commands.values().stream().map(this::entry).toList()));
    } else {
      subcommands.run(request, session, pending);
    }
  }

  private Subcommands subcommandsOf() {
    return new Subcommands("command")
        .answering(
            2,
            "COUNT",
            "Return the total number of commands in this server.",
            (r, s) -> new Reply.Number(commands.size()))
        .answering(
            -2,
            "LIST [FILTERBY (MODULE <name>|ACLCAT <category>|PATTERN <pattern>)]",
            "Return a list of all commands in this server.",
            (r, s) -> list(r))
        .answering(
            -2,
            "INFO [<name> ...]",
            "Return details about multiple commands; about all without a name.",
            (r, s) -> info(r))
        .answering(
            -2,
            "DOCS [<name> ...]",
            "Return documentation details about multiple commands; about all without a name.",
            (r, s) -> docs(r))
        .answering(
            -3, "GETKEYS <full-command>", "Return the keys from a full command.", (r, s) -> keys(r))
        .withHelp();
  }

  private Reply list(Request request) {
    if (request.size() == 2) {
      return Answer.bulks(commands.keySet().stream());
    }
    if (request.size() != 5 || !request.text(2).equalsIgnoreCase("filterby")) {
      return Answer.error("syntax error");
    }
    String filter = request.text(4).toLowerCase(Locale.ROOT);
    return switch (request.text(3).toLowerCase(Locale.ROOT)) {
      case "module" -> Reply.EMPTY;
      case "aclcat" ->
          Answer.bulks(
              commands.values().stream()
                  .filter(spec -> categories(spec).contains("@" + filter))
                  .map(CommandSpec::name));
      case "pattern" ->
          Answer.bulks(commands.keySet().stream().filter(Glob.ofName(filter)::matches));
      default -> Answer.error("syntax error");
    };
  }

  private Reply info(Request request) {
    if (request.size() == FIRST_NAME) {
      return new Reply.Array(commands.values().stream().map(this::entry).toList());
    }
    if (asksForTooMany(request)) {
      return TOO_MANY;
    }
    List<Reply> all = new ArrayList<>();
    for (int at = FIRST_NAME; at < request.size(); at++) {
      CommandSpec spec = commands.get(request.text(at).toLowerCase(Locale.ROOT));
      all.add(spec == null ? Reply.NIL : entry(spec));
    }
    return new Reply.Array(all);
  }

  /** What it answers of a name is many times as long. */
  private boolean asksForTooMany(Request request) {
    return request.size() - FIRST_NAME > commands.size();
  }

  private Reply docs(Request request) {
    if (asksForTooMany(request)) {
      return TOO_MANY;
    }
    Stream<CommandSpec> asked =
        request.size() == FIRST_NAME
            ? commands.values().stream()
            : request.words().stream()
                .skip(FIRST_NAME)
                .map(word -> new Request(List.of(word)).text(0).toLowerCase(Locale.ROOT))
                .filter(commands::containsKey)
                .map(commands::get);
    return new Reply.Mapping(
        asked.flatMap(spec -> Stream.of(Answer.bulk(spec.name()), doc(spec))).toList());
  }

  private static Reply doc(CommandSpec spec) {
    return new Reply.Mapping(
        List.of(
            Answer.bulk("summary"),
            Answer.bulk("As Redis 7.2 documents " + spec.name().toUpperCase(Locale.ROOT) + "."),
            Answer.bulk("group"),
            Answer.bulk(spec.firstKey() > 0 ? "generic" : "server")));
  }

  private Reply keys(Request request) {
    CommandSpec spec = commands.get(request.text(FIRST_NAME).toLowerCase(Locale.ROOT));
    if (spec == null) {
      return Answer.error("Invalid command specified");
    }
    int words = request.size() - FIRST_NAME;
    if (!spec.takes(words)) {
      return Answer.error("Invalid number of arguments specified for command");
    }
    if (spec.firstKey() == 0) {
      return Answer.error("The command has no key arguments");
    }
    int last = spec.lastKey() < 0 ? words + spec.lastKey() : spec.lastKey();
    List<Reply> keys = new ArrayList<>();
    for (int at = spec.firstKey(); at <= Math.min(last, words - 1); at += spec.step()) {
      keys.add(new Reply.Bulk(request.bytes(at + FIRST_NAME)));
    }
    return new Reply.Array(keys);
  }

  /** The ten elements of Redis 7. */
  private Reply entry(CommandSpec spec) {
    List<Subcommand> subs =
        spec.command() instanceof Subcommands has
            ? has.all()
            : spec.command() == this ? subcommands.all() : List.of();
    return entry(
        spec.name(),
        spec.arity(),
        spec,
        new Reply.Array(
            subs.stream()
                .map(sub -> entry(spec.name() + "|" + sub.name(), sub.arity(), spec, Reply.EMPTY))
                .toList()));
  }

  private static Reply entry(String name, int arity, CommandSpec spec, Reply subs) {
    return Answer.array(
        Answer.bulk(name),
        new Reply.Number(arity),
        group(flags(spec.access())),
        new Reply.Number(spec.firstKey()),
        new Reply.Number(spec.lastKey()),
        new Reply.Number(spec.step()),
        group(categories(spec)),
        Answer.bulks(TIPS.getOrDefault(name, List.of()).stream()),
        spec.firstKey() == 0 ? Reply.EMPTY : Answer.array(keySpec(spec)),
        subs);
  }

  private static Reply group(List<String> words) {
    return new Reply.Group(words.stream().<Reply>map(Reply.Simple::new).toList());
  }

  private static List<String> flags(Access access) {
    return switch (access) {
      case ANYBODY -> List.of("noscript", "loading", "stale", "fast", "no_auth");
      case CONNECTED -> List.of("loading", "stale", "fast");
      case READ -> List.of("readonly");
      case WRITE -> List.of("write");
      case OPERATE -> List.of("write", "admin");
    };
  }

  private static List<String> categories(CommandSpec spec) {
    return switch (spec.access()) {
      case ANYBODY, CONNECTED -> List.of("@connection");
      case READ -> List.of("@read");
      case WRITE -> List.of("@write");
      case OPERATE -> List.of("@write", "@admin", "@dangerous");
    };
  }

  private static Reply keySpec(CommandSpec spec) {
    int last = spec.lastKey() < 0 ? spec.lastKey() : spec.lastKey() - spec.firstKey();
    return new Reply.Mapping(
        List.of(
            Answer.bulk("flags"),
            group(
                spec.access() == Access.READ
                    ? List.of("RO", "access")
                    : List.of("RW", "access", "update")),
            Answer.bulk("begin_search"),
            step("index", Answer.bulk("index"), new Reply.Number(spec.firstKey())),
            Answer.bulk("find_keys"),
            step(
                "range",
                Answer.bulk("lastkey"),
                new Reply.Number(last),
                Answer.bulk("keystep"),
                new Reply.Number(spec.step()),
                Answer.bulk("limit"),
                new Reply.Number(0))));
  }

  private static Reply step(String type, Reply... fields) {
    return new Reply.Mapping(
        List.of(
            Answer.bulk("type"),
            Answer.bulk(type),
            Answer.bulk("spec"),
            new Reply.Mapping(List.of(fields))));
  }
}
