package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.weir.cache.door.TestOwnership;
import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.EngineFixture;
import io.weir.model.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The commands on keys over an engine that leads, called by their text. */
final class KeyFixture {

  static final int MAX_VALUE = 1024;
  static final int MOST_KEYS = 500;

  final EngineFixture fixture =
      EngineFixture.of(EngineFixture.settings().maxBytes(16 << 20).maxDirtyBytes(8 << 20));

  final TestOwnership ownership = new TestOwnership();
  final FakeSession session = new FakeSession();
  volatile int copies = 1;
  final KeyCommands commands;

  private final Map<String, CommandSpec> byName;

  KeyFixture() {
    this(true);
  }

  KeyFixture(boolean flushAllowed) {
    commands =
        new KeyCommands(
            new AsyncEngine(fixture.engine),
            fixture.engine,
            ownership,
            new KeySettings(MAX_VALUE, Durability.JOURNAL, MOST_KEYS, flushAllowed),
            () -> copies,
            new ScanTurns(Duration.ofSeconds(2)),
            fixture.clock);
    byName =
        commands.all().stream().collect(Collectors.toMap(CommandSpec::name, Function.identity()));
  }

  CommandSpec spec(String name) {
    CommandSpec spec = byName.get(name.toLowerCase(Locale.ROOT));
    if (spec == null) {
      throw new IllegalArgumentException("there is no command " + name);
    }
    return spec;
  }

  /** Words that are divided by single blanks; {@code ''} is an empty one, {@code \0} a zero. */
  static Request request(String line) {
    return new Request(
        Arrays.stream(line.split(" ", -1))
            .map(word -> word.equals("''") ? "" : word.replace("\\0", "\0").replace('_', ' '))
            .map(word -> word.getBytes(ISO_8859_1))
            .toList());
  }

  /** The reply to a command, as text: of bytes in quotes, of errors as they are. */
  String call(String line) {
    return text(reply(request(line)));
  }

  Reply reply(Request request) {
    FakePending pending = new FakePending();
    CommandSpec spec = spec(request.text(0));
    int words = request.size();
    if (spec.arity() < 0 ? words < -spec.arity() : words != spec.arity()) {
      return CommandRefusedException.arity(spec.name()).reply();
    }
    spec.command().run(request, session, pending);
    return pending.reply();
  }

  static String text(Reply reply) {
    return switch (reply) {
      case Reply.Simple(String text) -> text;
      case Reply.Failure(String text) -> text;
      case Reply.Number(long value) -> Long.toString(value);
      case Reply.Bulk(byte[] bytes) -> '"' + new String(bytes, ISO_8859_1) + '"';
      case Reply.Nil() -> "nil";
      case Reply.Verbatim(String text) -> text;
      case Reply.Array(List<Reply> elements) -> list(elements);
      case Reply.Mapping(List<Reply> keysAndValues) -> list(keysAndValues);
      case Reply.Group(List<Reply> elements) -> list(elements);
    };
  }

  private static String list(List<Reply> elements) {
    List<String> texts = new ArrayList<>();
    elements.forEach(element -> texts.add(text(element)));
    return texts.toString();
  }
}
