package io.weir.cache.engine;

import static io.weir.cache.engine.EngineFixture.settings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineException.OutcomeOpen;
import io.weir.cache.journal.AppendListener;
import io.weir.cache.journal.Journal;
import io.weir.cache.journal.JournalException;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Versioned;
import io.weir.cache.kv.Write;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/**
 * Counters under increments and blind writes, one key and two, over a journal that refuses batches
 * in the middle of a reign, tells so late, and ends reigns with open outcomes.
 *
 * <p>What counts is the order in which the journal applied: each update that was acknowledged
 * stands right behind the write that it saw, and nothing was lost, doubled, or told wrongly.
 */
@Timeout(600)
class UpdateStressTest {

  private static final int THREADS = 4;
  private static final int OPERATIONS = 1_500;
  private static final int IN_FLIGHT = 12;
  private static final List<Key> KEYS = List.of(Key.of("a"), Key.of("b"), Key.of("c"));

  private final long seed = System.nanoTime();
  private final EngineFixture cache =
      EngineFixture.of(
          settings().maxBytes(1 << 24).maxDirtyBytes(1 << 23).maxKeyWait(Duration.ofMinutes(5)));
  private final AsyncEngine async = new AsyncEngine(cache.engine);
  private final Failing journals = new Failing();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, Operation> operations = new ConcurrentHashMap<>();

  /** One write of one or two keys, and what is known of it. */
  private static final class Operation implements WriteListener {

    private final List<Key> keys;
    private final boolean blind;
    private final Semaphore room;
    private final int number;
    private final AtomicInteger told = new AtomicInteger();

    /** What it saw last, by key, and what it made of it. */
    private volatile List<Versioned> seen = List.of();

    private volatile @Nullable Written written;
    private volatile @Nullable RuntimeException failure;

    Operation(int number, List<Key> keys, boolean blind, Semaphore room) {
      this.number = number;
      this.keys = keys;
      this.blind = blind;
      this.room = room;
    }

    Value value(long count) {
      return new Value((count + "/" + number).getBytes(UTF_8), null, Value.NEVER);
    }

    /** Whether it was told that it has changed nothing. */
    boolean isNowhere() {
      return failure != null && !(failure instanceof OutcomeOpen);
    }

    List<Edit> decide(List<Versioned> current) {
      seen = List.copyOf(current);
      List<Edit> edits = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        edits.add(new Edit(keys.get(i), value(blind ? 0 : number(current.get(i)) + 1)));
      }
      return edits;
    }

    @Override
    public void written(@Nullable Written what) {
      written = what;
      end();
    }

    @Override
    public void failed(RuntimeException why) {
      failure = why;
      end();
    }

    private void end() {
      if (told.incrementAndGet() == 1) {
        room.release();
      }
    }

    @Override
    public Bulk bulk() {
      return Bulk.NONE;
    }
  }

  private static long number(Versioned versioned) {
    return part(versioned, 0);
  }

  /** The number of the operation that made it. */
  private static int by(Versioned versioned) {
    return (int) part(versioned, 1);
  }

  private static long part(Versioned versioned, int part) {
    Value value = versioned.value();
    return value == null
        ? 0
        : Long.parseLong(new String(value.bytes(), UTF_8).split("/", -1)[part]);
  }

  /** The journals of all reigns: batches in order, two in flight, some of which fail. */
  private final class Failing implements AutoCloseable {

    private final ExecutorService log = Executors.newSingleThreadExecutor();
    private final ExecutorService late = Executors.newSingleThreadExecutor();
    private final Random random = new Random(seed);
    private final Queue<Proposed> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** What was applied, in order; of the log's thread. */
    private final List<Write> applied = new ArrayList<>();

    private volatile int reign;
    private int reigns = 1;
    private int refused;

    private record Proposed(int reign, List<Mutation> mutations, AppendListener done) {}

    Journal begin() {
      int begun = reigns++;
      reign = begun;
      return new Journal() {
        @Override
        public void append(List<Mutation> mutations, AppendListener done) {
          if (reign != begun) {
            done.failed(new JournalException.NotLeading("of another reign"));
            return;
          }
          queue.add(new Proposed(begun, mutations, done));
          schedule();
        }

        @Override
        public void close() {}
      };
    }

    private void schedule() {
      if (scheduled.compareAndSet(false, true)) {
        log.execute(this::run);
      }
    }

    private void run() {
      scheduled.set(false);
      List<Proposed> batch = new ArrayList<>();
      for (int most = 1 + random.nextInt(8); most > 0 && !queue.isEmpty(); most--) {
        Proposed next = queue.remove();
        if (next.reign == reign) {
          batch.add(next);
        } else {
          next.done.failed(new JournalException.NotLeading("of another reign"));
        }
      }
      int kind = random.nextInt(60);
      if (kind == 0) {
        endReign(batch, random.nextBoolean());
      } else if (kind < 6) {
        refused += batch.size();
        // Told by another thread, mostly after what follows has been applied.
        late.execute(
            () -> batch.forEach(each -> each.done.failed(new JournalException.QueueFull("busy"))));
      } else {
        batch.forEach(this::apply);
        batch.forEach(each -> each.done.applied());
      }
      if (!queue.isEmpty()) {
        schedule();
      }
    }

    private void apply(Proposed proposed) {
      for (Mutation mutation : proposed.mutations) {
        applied.add(((Mutation.Written) mutation).write());
        cache.engine.apply(mutation);
      }
    }

    /** The last batch may be in the log, and whoever leads next applies it first. */
    private void endReign(List<Proposed> last, boolean isInLog) {
      reign = 0;
      if (isInLog) {
        last.forEach(this::apply);
      }
      late.execute(
          () -> last.forEach(each -> each.done.failed(new JournalException.OutcomeOpen("over"))));
      for (Proposed each = queue.poll(); each != null; each = queue.poll()) {
        each.done.failed(new JournalException.NotLeading("over"));
      }
      lead();
    }

    @Override
    public void close() {
      log.close();
      late.close();
    }
  }

  private void lead() {
    Journal journal = journals.begin();
    cache.engine.lead(
        journal, new VersionSequence(1, journals.reign, CompletableFuture::new), ReadGuard.ALWAYS);
    cache.engine.allowMemory(false);
  }

  private void write(Random random, Semaphore room) throws InterruptedException {
    assertThat(room.tryAcquire(2, TimeUnit.MINUTES)).as("an outcome is missing").isTrue();
    boolean two = random.nextInt(4) == 0;
    int first = random.nextInt(KEYS.size());
    List<Key> keys =
        two
            ? List.of(KEYS.get(first), KEYS.get((first + 1) % KEYS.size()))
            : List.of(KEYS.get(first));
    Operation operation =
        new Operation(numbers.incrementAndGet(), keys, random.nextInt(8) == 0, room);
    operations.put(operation.number, operation);
    if (operation.blind && !two) {
      Value zero = operation.value(0);
      if (!async.tryWrite(keys.getFirst(), zero, Durability.JOURNAL, operation)) {
        async.startWrite(keys.getFirst(), zero, Durability.JOURNAL, operation);
      }
      return;
    }
    Update update =
        new Update() {
          @Override
          public List<Edit> decide(List<Versioned> current) {
            return operation.decide(current);
          }

          @Override
          public boolean needsCurrent() {
            return !operation.blind;
          }
        };
    if (!async.tryUpdate(keys, update, Durability.JOURNAL, operation)) {
      async.startUpdate(keys, update, Durability.JOURNAL, operation);
    }
  }

  @RepeatedTest(5)
  void noIncrementIsLostDoubledOrToldWrongly() throws Exception {
    lead();
    try (journals;
        ExecutorService writers = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(seed + i);
        Semaphore room = new Semaphore(IN_FLIGHT);
        all.add(
            writers.submit(() -> {
              for (int n = 0; n < OPERATIONS; n++) {
                write(random, room);
              }
              assertThat(room.tryAcquire(IN_FLIGHT, 2, TimeUnit.MINUTES)).isTrue();
              return true;
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    String context = "seed " + seed;
    assertThat(journals.reigns).as(context).isGreaterThan(3);
    assertThat(journals.refused).as(context).isPositive();
    assertThat(operations.values()).as(context).allMatch(each -> each.told.get() == 1);
    check(context);
    checkWhatIsNowhere(context);
  }

  private void check(String context) {
    Map<Key, Version> before = new HashMap<>();
    Map<Version, Version> predecessors = new HashMap<>();
    Map<Version, Write> byVersion = new HashMap<>();
    for (Write write : journals.applied) {
      predecessors.put(write.version(), before.getOrDefault(write.key(), Version.NONE));
      before.put(write.key(), write.version());
      assertThat(byVersion.put(write.version(), write)).as(context).isNull();
    }
    long acknowledged = 0;
    for (Operation each : operations.values()) {
      Written written = each.written;
      if (written == null) {
        continue;
      }
      acknowledged += each.keys.size();
      // The versions of an update's edits are taken together, in their order.
      for (int i = 0; i < each.keys.size() && !each.blind; i++) {
        Key key = each.keys.get(i);
        Write write = written(each, i, byVersion);
        assertThat(write.key()).as(context).isEqualTo(key);
        assertThat(predecessors.get(write.version()))
            .as("%s: nothing stands between %s and what it saw", context, write.version())
            .isEqualTo(each.seen.get(i).version());
        assertThat(number(Versioned.of(write.version(), write.value())))
            .as(context)
            .isEqualTo(number(each.seen.get(i)) + 1);
      }
      for (int i = 0; i < each.keys.size() && each.blind; i++) {
        assertThat(written(each, i, byVersion)).as(context).isNotNull();
      }
    }
    long open =
        operations.values().stream()
            .filter(each -> each.failure instanceof OutcomeOpen)
            .mapToLong(each -> each.keys.size())
            .sum();
    assertThat((long) journals.applied.size())
        .as("%s: applied is what was acknowledged, and nothing else but what is open", context)
        .isBetween(acknowledged, acknowledged + open);
    for (Key key : KEYS) {
      Version last = before.getOrDefault(key, Version.NONE);
      assertThat(cache.engine.read(key, false, null).what().version()).as(context).isEqualTo(last);
    }
    assertThat(cache.engine.dirtySet().dirtyBytes())
        .as("%s: %s", context, Arrays.asList(before.size(), acknowledged, open))
        .isEqualTo(
            before.keySet().stream()
                .mapToLong(key -> Weights.ofDirty(key, byVersion.get(before.get(key)).value()))
                .sum());
  }

  /** What was told to have changed nothing is in the journal neither itself nor by another. */
  private void checkWhatIsNowhere(String context) {
    for (Write write : journals.applied) {
      int number = by(Versioned.of(write.version(), write.value()));
      Operation operation = operations.get(number);
      assertThat(operation.isNowhere()).as("%s: operation %d", context, number).isFalse();
      for (Versioned seen : operation.seen) {
        Operation before = operations.get(by(seen));
        assertThat(before != null && before.isNowhere())
            .as("%s: what operation %d saw", context, number)
            .isFalse();
      }
    }
  }

  /** The write of an operation's key: its versions need not follow each other at once. */
  private static @Nullable Write written(
      Operation operation, int index, Map<Version, Write> byVersion) {
    if (index == operation.keys.size() - 1) {
      return byVersion.get(operation.written.version());
    }
    // The one before the last of the same entry: the next lower version of its key.
    Key key = operation.keys.get(index);
    for (long version = operation.written.version().value() - 1; ; version--) {
      Write write = byVersion.get(new Version(version));
      if (write != null && write.key().equals(key)) {
        return write;
      }
      if (version < operation.written.version().value() - 1_000) {
        return null;
      }
    }
  }
}
