package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.weir.model.Key;
import io.weir.testing.RespClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Random commands of one connection, in pieces of random size, whose outcomes come in random order:
 * the replies are those that a list of commands, done one after the other, has.
 */
class RepliesInOrderPropertyTest {

  private static final int COMMANDS = 400;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final RespFixture fixture = new RespFixture();

  private final StringBuilder requests = new StringBuilder();
  private final StringBuilder expected = new StringBuilder();
  private final Map<String, String> model = new HashMap<>();

  private final StringBuilder replies = new StringBuilder();

  /** Writes that have taken effect, of which the connection has not heard. */
  private final List<FakeEntries.Write> applied = new ArrayList<>();

  @RepeatedTest(50)
  void theyAreThoseOfAList() {
    fixture.entries.elsewhere.add(Key.of("key-0"));
    for (int i = 0; i < COMMANDS; i++) {
      command(i);
    }
    try {
      run();
      assertThat(replies.toString()).isEqualTo(expected.toString());
      assertThat(fixture.rooms.taken).isZero();
    } catch (RuntimeException | AssertionError e) {
      fail("seed " + seed, e);
    }
  }

  private void command(int i) {
    String key = "key-" + random.nextInt(4);
    switch (random.nextInt(7)) {
      case 0, 1, 2 -> {
        String value = "v" + i + "x".repeat(random.nextInt(100) == 0 ? 30_000 : 3);
        say("SET", key, value);
        model.put(key, value);
        expected.append("+OK\r\n");
      }
      case 3 -> {
        say("GET", key);
        String value = model.get(key);
        expected.append(value == null ? "$-1\r\n" : bulk(value));
      }
      case 4 -> {
        say("PING", "p" + i);
        expected.append(bulk("p" + i));
      }
      case 5 -> {
        say(random.nextBoolean() ? "LATER" : "ORDER");
        expected.append(":5\r\n");
      }
      default -> {
        say("ELSEWHERE", "e" + i);
        expected.append(bulk("e" + i));
      }
    }
  }

  private void say(String... words) {
    requests.append(new String(RespClient.encode(words), StandardCharsets.ISO_8859_1));
  }

  private static String bulk(String value) {
    return "$" + value.length() + "\r\n" + value + "\r\n";
  }

  private void run() {
    int from = 0;
    while (from < requests.length()) {
      int to = Math.min(requests.length(), from + 1 + random.nextInt(1 + random.nextInt(3_000)));
      replies.append(fixture.say(requests.substring(from, to)));
      from = to;
      for (int i = random.nextInt(10); i > 0; i--) {
        outcome();
      }
    }
    int idle = 0;
    while (idle < 50) {
      idle = outcome() ? 0 : idle + 1;
    }
  }

  /** Lets something happen elsewhere; returns false when there is nothing of the kind. */
  private boolean outcome() {
    boolean some = false;
    switch (random.nextInt(4)) {
      case 0 -> {
        some = !fixture.entries.writes.isEmpty();
        if (some) {
          applied.add(fixture.entries.apply());
        }
      }
      case 1 -> {
        some = !applied.isEmpty();
        if (some) {
          applied.remove(random.nextInt(applied.size())).done().written(FakeEntries.WRITTEN);
        }
      }
      case 2 -> {
        some = !fixture.commands.owed.isEmpty();
        if (some) {
          fixture.commands.owed.remove().reply(new Reply.Number(5));
        }
      }
      default -> {
        some = !fixture.waiting.isEmpty();
        if (some) {
          replies.append(fixture.wait(1));
        }
      }
    }
    replies.append(fixture.replies());
    return some;
  }
}
