package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.AsyncEngine;
import io.weir.cache.engine.ReadGuard;
import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.DirectJournal;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.Mutation;
import io.weir.model.Durability;
import io.weir.testing.RespClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Commands of one connection that are sent together, over an engine whose journal takes its time:
 * they reply what they reply when they are called one at a time.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PipelinedCommandsPropertyTest {

  private static final int COMMANDS = 300;
  private static final int KEYS = 5;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final KeyFixture keys = withEntries();
  private final HeldJournal journal = new HeldJournal(new DirectJournal(keys.fixture.engine));
  private final RespServer server = server(keys);

  /** Whose commands are called one at a time. */
  private final RespServer model = server(withEntries());

  /** A journal that applies what was appended when it is told to. */
  private record HeldJournal(Journal direct, Queue<Runnable> appended) implements Journal {

    HeldJournal(Journal direct) {
      this(direct, new ConcurrentLinkedQueue<>());
    }

    @Override
    public void append(List<Mutation> mutations, AppendListener done) {
      appended.add(() -> direct.append(mutations, done));
    }

    /** Applies so many of them at most, in their order. */
    void apply(int most) {
      for (int i = 0; i < most && !appended.isEmpty(); i++) {
        appended.remove().run();
      }
    }

    @Override
    public void close() {}
  }

  /** Keys some of which are in the database alone, and some nowhere. */
  private static KeyFixture withEntries() {
    KeyFixture keys = new KeyFixture();
    for (int i = 0; i < KEYS; i += 2) {
      keys.call("SET {k}" + i + " 4");
    }
    keys.fixture.flush();
    keys.fixture.engine.dropClean();
    return keys;
  }

  private RespServer server(KeyFixture of) {
    return new RespServer(
        new RespDoor(
            new RespDoor.Parts(
                of.commands.all(),
                new RespFixture.TestRoutes(),
                RespLimits.of(KeyFixture.MAX_VALUE, 1 << 20),
                new RespFixture.TestTokens(),
                RespBudget.UNBOUNDED,
                new RespFixture.TestMeters(),
                new AsyncEngine(of.fixture.engine),
                of.fixture.engine,
                Durability.JOURNAL,
                () -> false,
                threads)));
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    server.close();
    model.close();
  }

  @RepeatedTest(20)
  void theyReplyAsOneAtATime() throws IOException {
    keys.fixture.engine.lead(journal, keys.fixture.versions, ReadGuard.ALWAYS);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      lines.add(line("v" + i, "{k}" + random.nextInt(KEYS), "{k}" + random.nextInt(KEYS)));
    }
    try (RespClient client = new RespClient(server.port());
        RespClient oneAtATime = new RespClient(model.port())) {
      var _ = threads.submit(this::applyNowAndThen);
      client.write(String.join("\r\n", lines) + "\r\n");
      for (int i = 0; i < COMMANDS; i++) {
        assertThat(client.read())
            .as("%s, command %d, seed %d", lines.get(i), i, seed)
            .isEqualTo(oneAtATime.call(lines.get(i).split(" ")));
      }
    }
  }

  private void applyNowAndThen() {
    Random pace = new Random(seed);
    while (!Thread.currentThread().isInterrupted()) {
      journal.apply(pace.nextInt(6));
      LockSupport.parkNanos(pace.nextInt(200_000));
    }
  }

  private String line(String value, String key, String other) {
    return switch (random.nextInt(20)) {
      case 0 -> "SET " + key + " " + random.nextInt(100);
      case 1 -> "SET " + key + " " + value + " NX";
      case 2 -> "SET " + key + " 7 XX KEEPTTL";
      case 3 -> "SET " + key + " 8 GET EX 50";
      case 4 -> "SETNX " + key + " 9";
      case 5 -> "INCRBY " + key + " " + random.nextInt(50);
      case 6 -> "INCR " + key;
      case 7 -> "APPEND " + key + " 1";
      case 8 -> "SETRANGE " + key + " 2 0";
      case 9 -> "SETBIT " + key + " 5 " + random.nextInt(2);
      case 10 -> "DEL " + key + " " + other;
      case 11 -> "GETDEL " + key;
      case 12 -> "EXPIRE " + key + " " + (10 + random.nextInt(50));
      case 13 -> "PERSIST " + key;
      case 14 -> "MSET " + key + " 1 " + other + " " + value;
      case 15 -> "MSETNX " + key + " 1 " + other + " 2";
      case 16 -> "TTL " + key;
      case 17 -> "MGET " + key + " " + other;
      default -> "GET " + key;
    };
  }

  @Test
  void updatesAreInTheJournalTogether() throws IOException {
    for (String key : List.of("{k}0", "{k}1")) { // So that it is known what they hold.
      keys.call("GET " + key);
    }
    keys.fixture.engine.lead(journal, keys.fixture.versions, ReadGuard.ALWAYS);
    try (RespClient client = new RespClient(server.port())) {
      client.write(
          """
          SET {k}0 1
          INCR {k}0
          APPEND {k}0 0
          SETNX {k}0 x
          SETBIT {k}0 7 1
          EXPIRE {k}0 100
          MSET {k}0 1 {k}1 2
          DEL {k}0 {k}1
          INCR {k}0
          """);
      await().untilAsserted(() -> assertThat(journal.appended).hasSize(8));
      journal.apply(8);
      for (Object reply : List.of("OK", 2L, 2L, 0L, 0L, 1L, "OK", 2L, 1L)) {
        assertThat(client.read()).isEqualTo(reply);
      }
    }
  }
}
