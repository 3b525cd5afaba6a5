package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.EngineFixture;
import io.weir.cache.redis.CommandSpec.Access;
import io.weir.cache.redis.RespDecoderTest.Rooms;
import io.weir.model.Durability;
import io.weir.testing.RespClient;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A door over fake entries, and a connection to it without a network. */
final class RespFixture {

  static final int MAX_PENDING = 64;

  final FakeEntries entries = new FakeEntries();
  final TestCommands commands = new TestCommands();
  final TestRoutes routes = new TestRoutes();
  final TestTokens tokens = new TestTokens();
  final Rooms rooms = new Rooms(1 << 20);
  final TestMeters meters = new TestMeters();

  /** What waits elsewhere than on the loop. */
  final Queue<Runnable> waiting = new ArrayDeque<>();

  final RespLimits limits =
      new RespLimits(
          64 * 1024,
          256 * 1024,
          MAX_PENDING,
          4 * 1024,
          Duration.ofSeconds(10),
          Duration.ofSeconds(2));

  final RespDoor door;
  final EmbeddedChannel channel;
  private final StringBuilder written = new StringBuilder();

  /** How often something was sent. */
  int writes;

  RespFixture(String... known) {
    tokens.known.addAll(List.of(known));
    door = door(waiting::add);
    channel = new EmbeddedChannel(door.handler());
    channel.freezeTime();
  }

  /** A door over the same, whose waiting is done by somebody else. */
  RespDoor door(Executor executor) {
    return door(executor, limits);
  }

  /** A door over the same with other limits. */
  RespDoor door(Executor executor, RespLimits others) {
    EngineFixture engine = EngineFixture.of(EngineFixture.settings());
    RespDoor.Parts parts =
        new RespDoor.Parts(
            commands.all(),
            routes,
            others,
            tokens,
            rooms,
            meters,
            new AsyncEngine(engine.engine),
            engine.engine,
            Durability.JOURNAL,
            () -> routes.starting,
            executor);
    return new RespDoor(parts, entries);
  }

  /** Lets bytes come in one read, and returns all that is written by the end of it. */
  String say(String text) {
    var _ = channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
    return replies();
  }

  /** Sends a request. */
  String call(String... words) {
    return say(new String(RespClient.encode(words), ISO_8859_1));
  }

  /** What has been written since it was asked last. */
  String replies() {
    ByteBuf out = channel.readOutbound();
    while (out != null) {
      writes += out.isReadable() ? 1 : 0;
      written.append(out.toString(ISO_8859_1));
      out.release();
      out = channel.readOutbound();
    }
    String all = written.toString();
    written.setLength(0);
    return all;
  }

  /** Does what waits elsewhere, and returns what is written then. */
  String wait(int times) {
    for (int i = 0; i < times; i++) {
      waiting.remove().run();
    }
    channel.runPendingTasks();
    return replies();
  }

  /** Lets time pass, and returns what is written meanwhile. */
  String pass(Duration time) {
    long left = time.toMillis();
    while (left > 0) {
      long step = Math.min(left, 20);
      channel.advanceTimeBy(step, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
      left -= step;
    }
    return replies();
  }

  /** Routes that a test sets. */
  static final class TestRoutes implements Routes {

    final Map<Integer, Reply> misdirected = new ConcurrentHashMap<>();
    final Set<Integer> awaiting = ConcurrentHashMap.newKeySet();
    volatile boolean readOnly;
    volatile boolean starting;

    @Override
    public @Nullable Reply misdirected(int slot, boolean reading) {
      readOnly = reading;
      return misdirected.get(slot);
    }

    @Override
    public boolean awaitsLeader(int slot) {
      return awaiting.contains(slot);
    }
  }

  /** Tokens, each of which may do what it names. */
  static final class TestTokens implements Authenticator {

    final Set<String> known = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Boolean asked;

    @Override
    public boolean asksForTokens() {
      Boolean answer = asked;
      if (answer == null) {
        answer = !known.isEmpty();
        asked = answer;
      }
      return answer;
    }

    @Override
    public @Nullable Login authenticate(String token, String remoteAddress) {
      return known.contains(token) ? new TestLogin(token) : null;
    }

    private final class TestLogin implements Login {

      private final String token;

      private TestLogin(String token) {
        this.token = token;
      }

      @Override
      public String name() {
        return "somebody";
      }

      @Override
      public boolean isKnown() {
        return known.contains(token);
      }

      @Override
      public boolean may(Access access) {
        return token.contains(access.name());
      }
    }
  }

  /** What was counted, as text. */
  static final class TestMeters implements RespMeters {

    final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public OfCommand of(CommandSpec command) {
      return (failed, nanos) -> all.add(command.name() + (failed ? " failed" : ""));
    }

    @Override
    public void refused(String why) {
      all.add(why);
    }
  }
}
