package io.weir.cache.redis;

import io.weir.cache.redis.CommandSpec.Access;
import io.weir.model.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Collects commands on keys, each with what is common to all of them. */
final class Commands {

  private final List<CommandSpec> specs = new ArrayList<>();

  /** What a command does; what it throws becomes its reply. */
  @FunctionalInterface
  interface Body {
    void run(Request request, Session session, Pending pending);
  }

  /** The keys of a request: those at these places; see {@link CommandSpec}. */
  record Keys(int first, int last, int step) {
    static final Keys NONE = new Keys(0, 0, 0);
    static final Keys ONE = new Keys(1, 1, 1);
    static final Keys ALL = new Keys(1, -1, 1);
    static final Keys PAIRS = new Keys(1, -1, 2);

    /** Of a subcommand. */
    static final Keys SECOND = new Keys(2, 2, 1);
  }

  /** A command that reads. */
  void read(String name, int arity, Keys keys, Body body) {
    add(name, arity, keys, Access.READ, new Guarded(body, Commands::never, Commands::never));
  }

  /** A command that writes, and tells no value. */
  void write(String name, int arity, Keys keys, Body body) {
    write(name, arity, keys, Commands::always, Commands::never, body);
  }

  /**
   * A command that writes.
   *
   * @param overtakes see {@link Command#overtakes}
   * @param tells see {@link Command#tellsValues}
   */
  void write(
      String name,
      int arity,
      Keys keys,
      Predicate<Request> overtakes,
      Predicate<Request> tells,
      Body body) {
    add(name, arity, keys, Access.WRITE, new Guarded(body, overtakes, tells));
  }

  /** A command that writes, and tells a little of what was there or has come of it. */
  void telling(String name, int arity, Keys keys, Body body) {
    write(name, arity, keys, Commands::always, Commands::always, body);
  }

  /** A command that writes, and replies with the whole value that was there. */
  void handingOut(String name, int arity, Keys keys, Body body) {
    write(name, arity, keys, Commands::never, Commands::always, body);
  }

  /** A command that has no key. */
  void keyless(String name, int arity, Access access, Body body) {
    add(name, arity, Keys.NONE, access, new Guarded(body, Commands::never, Commands::never));
  }

  private static boolean always(Request request) {
    return true;
  }

  private static boolean never(Request request) {
    return false;
  }

  private void add(String name, int arity, Keys keys, Access access, Command command) {
    specs.add(
        new CommandSpec(name, arity, keys.first(), keys.last(), keys.step(), access, command));
  }

  List<CommandSpec> all() {
    return List.copyOf(specs);
  }

  /** The key that a word of a request is. */
  static Key key(Request request, int at) {
    return Key.of(request.bytes(at));
  }

  /** The keys that the words of a request are, from one on. */
  static List<Key> keys(Request request, int from) {
    List<Key> keys = new ArrayList<>(request.size() - from);
    for (int i = from; i < request.size(); i++) {
      keys.add(key(request, i));
    }
    return keys;
  }

  private record Guarded(Body body, Predicate<Request> overtaking, Predicate<Request> tells)
      implements Command {

    @Override
    public boolean overtakes(Request request) {
      return overtaking.test(request);
    }

    @Override
    public boolean tellsValues(Request request) {
      return tells.test(request);
    }

    @Override
    public void run(Request request, Session session, Pending pending) {
      try {
        body.run(request, session, pending);
      } catch (CommandRefusedException e) {
        pending.reply(e.reply());
      } catch (RuntimeException e) {
        pending.fail(e);
      }
    }
  }
}
