package io.weir.cache.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command whose second word says what it does. {@code HELP} is always one of these. */
final class Subcommands implements Command {

  private final String name;
  private final Map<String, Subcommand> subcommands = new LinkedHashMap<>();
  private final List<Reply> help = new ArrayList<>();

  /**
   * One of them.
   *
   * @param name in lower case
   * @param arity how many words it has, those of its name included; negative when so many or more
   */
  record Subcommand(String name, int arity, Command command) {}

  /**
   * @param name of the command, in lower case
   */
  Subcommands(String name) {
    this.name = name;
    String upper = name.toUpperCase(Locale.ROOT);
    help.add(new Reply.Simple(upper + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"));
  }

  /**
   * Adds one.
   *
   * @param usage its name in upper case, and its arguments; the first word is the name
   * @param sentence for {@code HELP}
   */
  Subcommands with(int arity, String usage, String sentence, Command command) {
    String sub = usage.split(" ", 2)[0].toLowerCase(Locale.ROOT);
    subcommands.put(sub, new Subcommand(sub, arity, command));
    help.add(new Reply.Simple(usage));
    help.add(new Reply.Simple("    " + sentence));
    return this;
  }

  /** Adds one that replies with what is at hand. */
  Subcommands answering(int arity, String usage, String sentence, Answer answer) {
    return with(arity, usage, sentence, answer);
  }

  /** Adds {@code HELP}, the last. */
  Subcommands withHelp() {
    with(2, "HELP", "Print this help.", (Answer) (request, session) -> new Reply.Array(help));
    return this;
  }

  List<Subcommand> all() {
    return List.copyOf(subcommands.values());
  }

  private @Nullable Subcommand of(Request request) {
    return request.size() < 2 ? null : subcommands.get(request.text(1).toLowerCase(Locale.ROOT));
  }

  @Override
  public boolean overtakes(Request request) {
    Subcommand sub = of(request);
    return sub == null || sub.command().overtakes(request);
  }

  @Override
  public void run(Request request, Session session, Pending pending) {
    Subcommand sub = of(request);
    if (sub == null) {
      pending.reply(unknown(request));
    } else if (!CommandSpec.takes(sub.arity(), request.size())) {
      pending.reply(Answer.arity(name + "|" + sub.name()));
    } else {
      sub.command().run(request, session, pending);
    }
  }

  private Reply unknown(Request request) {
    return Answer.error(
        "unknown subcommand '"
            + CommandRefusedException.excerpt(request.text(1))
            + "'. Try "
            + name.toUpperCase(Locale.ROOT)
            + " HELP.");
  }
}
