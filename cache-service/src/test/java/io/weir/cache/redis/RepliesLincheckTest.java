package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.testing.RespClient;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A connection under random schedules; {@link ReturnsLincheckTest} explores those of what it shares
 * with other threads. However the threads that tell outcomes meet the event loop of a connection:
 * its replies are those of its requests, one after the other, at any moment a beginning of them,
 * and in the end all.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RepliesLincheckTest {

  // Made once: what makes them is no part of what is tested, and would be explored too.
  private static final RespFixture.TestRoutes ROUTES = new RespFixture.TestRoutes();
  private static final RespFixture.TestTokens TOKENS = new RespFixture.TestTokens();
  private static final TestCommands COMMANDS = new TestCommands();

  /** The first is resident, the second is read from the database. */
  private static final String[] NAMES = {"k0", "k1"};

  private static final Key ELSEWHERE = Key.of(NAMES[1]);
  private static final byte[][] GETS = new byte[2][];
  private static final byte[][][] SETS = new byte[2][10][];

  static {
    for (int key = 0; key < NAMES.length; key++) {
      GETS[key] = RespClient.encode("GET", NAMES[key]);
      for (int value = 0; value < SETS[key].length; value++) {
        SETS[key][value] = RespClient.encode("SET", NAMES[key], Integer.toString(value));
      }
    }
  }

  /** A connection, its event loop, and the threads that it hears of. */
  @Param(name = "key", gen = IntGen.class, conf = "0:1")
  @Param(name = "value", gen = IntGen.class, conf = "0:9")
  public static final class Pipeline {
    private final HandLoop loop = new HandLoop();
    private final Queue<Runnable> elsewhere = new ConcurrentLinkedQueue<>();
    private final FakeEntries entries = new FakeEntries();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final RespConnection connection;

    // Of the loop.
    private final int[] model = {-1, -1};
    private final StringBuilder expected = new StringBuilder();
    private final StringBuilder replies = new StringBuilder();

    public Pipeline() {
      entries.elsewhere.add(ELSEWHERE);
      RespDoor.Parts parts =
          new RespDoor.Parts(
              COMMANDS.all(),
              ROUTES,
              RespLimits.of(1 << 20, 1 << 20),
              TOKENS,
              RespBudget.UNBOUNDED,
              RespMeters.NONE,
              null, // The engine, in whose place the entries are.
              null,
              Durability.JOURNAL,
              () -> false,
              elsewhere::add);
      RespDoor door = new RespDoor(parts, entries);
      channel.pipeline().addLast(loop, "redis", new ChannelInboundHandlerAdapter());
      connection = door.open(channel.pipeline().context("redis"));
    }

    /**
     * A write.
     *
     * @param value 0 and 1 find no room, and begin in another thread
     */
    @Operation(nonParallelGroup = "loop")
    public void set(@Param(name = "key") int key, @Param(name = "value") int value) {
      model[key] = value;
      expected.append("+OK\r\n");
      onLoop(() -> {
        entries.roomy = value > 1;
        say(SETS[key][value]);
      });
    }

    @Operation(nonParallelGroup = "loop")
    public void get(@Param(name = "key") int key) {
      expected.append(model[key] < 0 ? "$-1\r\n" : "$1\r\n" + model[key] + "\r\n");
      onLoop(() -> say(GETS[key]));
    }

    private void say(byte[] request) {
      connection.received(Unpooled.wrappedBuffer(request));
      connection.send();
    }

    /** The loop does what it has been given. */
    @Operation(nonParallelGroup = "loop")
    public void turn() {
      onLoop(loop::runAll);
    }

    private void onLoop(Runnable task) {
      loop.enter();
      try {
        task.run();
        read();
      } finally {
        loop.leave();
      }
    }

    private void read() {
      ByteBuf out = channel.readOutbound();
      while (out != null) {
        replies.append(out.toString(ISO_8859_1));
        out.release();
        out = channel.readOutbound();
      }
      if (expected.indexOf(replies.toString()) != 0) {
        throw new IllegalStateException(replies + " is no beginning of " + expected);
      }
    }

    /** The first write that is on its way takes effect, and its connection is told. */
    @Operation
    public void acknowledge() {
      FakeEntries.Write write = apply();
      if (write != null) {
        write.done().written(FakeEntries.WRITTEN);
        write.done().bulk().told();
      }
    }

    /** The same of two, told together, and the later one first. */
    @Operation
    public void acknowledgeTwo() {
      FakeEntries.Write first = apply();
      FakeEntries.Write second = apply();
      if (second != null) {
        second.done().written(FakeEntries.WRITTEN);
      }
      if (first != null) {
        first.done().written(FakeEntries.WRITTEN);
        first.done().bulk().told();
      }
    }

    /** In the order of the journal. */
    private FakeEntries.Write apply() {
      synchronized (entries) {
        return entries.writes.isEmpty() ? null : entries.apply();
      }
    }

    /** Something that the loop has left to another thread. */
    @Operation
    public void workElsewhere() {
      Runnable next = elsewhere.poll();
      if (next != null) {
        next.run();
      }
    }

    /** Does what is left: the loop has been given all that it needs to end all requests. */
    @Validate
    public void everyRequestHasItsReply() {
      while (!loop.isIdle() || !entries.writes.isEmpty() || !elsewhere.isEmpty()) {
        acknowledge();
        workElsewhere();
        turn();
      }
      if (!expected.toString().contentEquals(replies)) {
        throw new IllegalStateException(replies + " is not all of " + expected);
      }
    }
  }

  @Test
  void areInOrderAndCompleteUnderStress() {
    new StressOptions()
        .iterations(10)
        .invocationsPerIteration(100)
        .threads(3)
        .actorsPerThread(4)
        .actorsBefore(3)
        .actorsAfter(0)
        .sequentialSpecification(Nothing.class)
        .check(Pipeline.class);
  }

  /** No operation tells anything: what holds is looked at as it happens, and in the end. */
  public static final class Nothing {
    public void set(int key, int value) {}

    public void get(int key) {}

    public void turn() {}

    public void acknowledge() {}

    public void acknowledgeTwo() {}

    public void workElsewhere() {}
  }
}
