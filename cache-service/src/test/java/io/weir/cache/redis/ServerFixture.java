package io.weir.cache.redis;

import io.weir.cache.engine.Bulk;
import io.weir.cache.engine.DirtyStatistics;
import io.weir.cache.engine.EngineStatistics;
import io.weir.cache.engine.MemoryStatistics;
import io.weir.cache.engine.ReadStatistics;
import io.weir.cache.engine.ScanPage;
import io.weir.cache.engine.WriteStatistics;
import io.weir.cache.redis.ClusterMap.Node;
import io.weir.cache.redis.ClusterMap.Part;
import io.weir.cache.redis.ClusterMap.Standing;
import io.weir.cache.redis.CommandSpec.Access;
import io.weir.model.NodeId;
import io.weir.model.SlotRange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The commands of a server as a test sets it, and one client of it. */
final class ServerFixture {

  static final Instant NOW = Instant.parse("2026-11-29T10:00:00.123456Z");

  /** Two commands on keys, for {@code COMMAND}. */
  static final List<CommandSpec> ON_KEYS =
      List.of(
          new CommandSpec("get", 2, 1, 1, 1, Access.READ, (Answer) (r, s) -> Reply.NIL),
          new CommandSpec("mset", -3, 1, -1, 2, Access.WRITE, (Answer) (r, s) -> Reply.OK));

  final Client client = new Client(3);
  final List<Session> open = new ArrayList<>(List.of(client));
  boolean asksForTokens;
  ClusterMap map = threeShards();
  private @Nullable List<CommandSpec> commands;

  /** The middle shard has no leader now, and nobody has the high slots yet. */
  static ClusterMap threeShards() {
    Node a = node("a", true);
    Node b = node("b", true);
    Node c = node("c", false);
    Node d = node("d", true);
    Node e = node("e", false);
    return new ClusterMap(
        7,
        a,
        true,
        true,
        List.of(
            new Part(List.of(new SlotRange(0, 5460)), true, Standing.LED, a, a, List.of(b, e)),
            new Part(
                List.of(new SlotRange(5461, 10922)), false, Standing.UNLED, null, c, List.of(d))));
  }

  static Node node(String name, boolean isUp) {
    return Node.of(new NodeId(name), URI.create("http://" + name + ".example:9401"), isUp);
  }

  /** What a connection knows of its client. */
  static final class Client implements Session {

    private final long id;
    int protocol = 2;
    String name = "";
    String library = "";
    String libraryVersion = "";
    boolean readsReplicas;
    boolean trusted = true;
    boolean operates = true;
    boolean reads = true;
    boolean closes;
    boolean resets;

    Client(long id) {
      this.id = id;
    }

    @Override
    public long id() {
      return id;
    }

    @Override
    public int protocol() {
      return protocol;
    }

    @Override
    public void protocol(int version) {
      protocol = version;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void name(String newName) {
      name = newName;
    }

    @Override
    public String library() {
      return library;
    }

    @Override
    public String libraryVersion() {
      return libraryVersion;
    }

    @Override
    public void library(String newName) {
      library = newName;
    }

    @Override
    public void libraryVersion(String version) {
      libraryVersion = version;
    }

    @Override
    public boolean readsReplicas() {
      return readsReplicas;
    }

    @Override
    public void readsReplicas(boolean eventual) {
      readsReplicas = eventual;
    }

    @Override
    public String remoteAddress() {
      return "127.0.0.1:5000" + id;
    }

    @Override
    public String localAddress() {
      return "127.0.0.1:9401";
    }

    @Override
    public boolean isTrusted() {
      return trusted;
    }

    @Override
    public boolean may(Access access) {
      return access == Access.OPERATE ? operates : reads;
    }

    @Override
    public String user() {
      return "app";
    }

    @Override
    public @Nullable String authenticate(String token) {
      if (!token.equals("secret")) {
        return "WRONGPASS no";
      }
      trusted = true;
      return null;
    }

    @Override
    public void reset() {
      resets = true;
    }

    @Override
    public void closeAfterReplies() {
      closes = true;
    }
  }

  /** A place that is waited for on the spot. */
  private static final class Spot implements Pending {

    private @Nullable Reply reply;

    @Override
    public void reply(Reply given) {
      reply = given;
    }

    @Override
    public Bulk bulk() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void offLoop(Runnable waiting) {
      waiting.run();
    }
  }

  private final class Open implements Connections {

    @Override
    public Collection<Session> open() {
      return open;
    }

    @Override
    public long opened() {
      return 11;
    }

    @Override
    public long commands() {
      return 12;
    }
  }

  List<CommandSpec> commands() {
    List<CommandSpec> known = commands;
    if (known == null) {
      EngineStatistics statistics =
          new EngineStatistics(
              new ReadStatistics(21, 22, 0, 0, 0, 0, 0, 0, 0),
              new WriteStatistics(0, 0, 0),
              new MemoryStatistics(5, 1536, 1 << 20, 23),
              new DirtyStatistics(4, 100, 1000, 1, 0, 0, 0, 0));
      known =
          new ServerCommands(
                  new ServerCommands.Parts(
                      () -> map,
                      () -> statistics,
                      new Open(),
                      new ServerFacts(
                          "1.2.3",
                          NOW.minusSeconds(90_000),
                          1 << 20,
                          100,
                          "allkeys-lru",
                          asksForTokens),
                      () -> 42,
                      new SlotKeys(
                          request -> new ScanPage(List.of(), null), new ScanTurns(Duration.ZERO)),
                      Clock.fixed(NOW, ZoneOffset.UTC)))
              .with(ON_KEYS);
      commands = known;
    }
    return known;
  }

  CommandSpec command(String name) {
    return commands().stream()
        .filter(spec -> spec.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no command " + name));
  }

  /** What the words get, separated by blanks. */
  Reply ask(String words) {
    Request request =
        new Request(
            Arrays.stream(words.split(" ", -1))
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList());
    Spot spot = new Spot();
    command(request.text(0).toLowerCase(Locale.ROOT)).command().run(request, client, spot);
    return Objects.requireNonNull(spot.reply, "no reply to " + words);
  }

  /** The same as a text that reads: strings as they are, arrays in brackets, maps in braces. */
  String told(String words) {
    return text(ask(words));
  }

  static String text(Reply reply) {
    return switch (reply) {
      case Reply.Simple simple -> "+" + simple.text();
      case Reply.Failure failure -> "-" + failure.text();
      case Reply.Number number -> Long.toString(number.value());
      case Reply.Bulk bulk -> new String(bulk.bytes(), StandardCharsets.UTF_8);
      case Reply.Verbatim verbatim -> verbatim.text();
      case Reply.Nil nil -> "nil";
      case Reply.Array array -> list("[", array.elements(), "]");
      case Reply.Group group -> list("(", group.elements(), ")");
      case Reply.Mapping mapping -> list("{", mapping.keysAndValues(), "}");
      default -> throw new AssertionError("another reply: " + reply);
    };
  }

  private static String list(String open, List<Reply> elements, String close) {
    return elements.stream()
        .map(ServerFixture::text)
        .collect(java.util.stream.Collectors.joining(" ", open, close));
  }
}
