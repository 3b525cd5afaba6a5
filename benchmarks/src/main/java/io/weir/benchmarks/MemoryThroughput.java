package io.weir.benchmarks;

import io.weir.cache.journal.Journal;
import io.weir.cache.journal.Mutation;
import io.weir.cache.kv.Value;
import io.weir.cache.kv.Write;
import io.weir.model.Durability;
import io.weir.model.Key;
import io.weir.model.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a write of the durability {@code memory} gains over one of {@code journal}, at a lone
 * server's engine; and what it would gain if it were appended like any other and answered before
 * the log has it, under the bound of {@link EarlyAnswer}. Each of the three has keys of its own.
 * They are measured in turns, and what counts is the median of the rounds' ratios.
 *
 * <p>{@code java -cp benchmarks/target/weir-benchmarks.jar io.weir.benchmarks.MemoryThroughput
 * [DIRECTORY] [CALLERS] [ROUNDS] [SECONDS]}
 */
public final class MemoryThroughput {

  private static final int KEYS = 10_000;
  private static final int VALUE_BYTES = 100;

  private MemoryThroughput() {}

  private record Contestant(String name, Target target, int firstKey) {}

  private interface Target {
    void put(Key key, byte[] value);
  }

  private record Result(double perSecond, Histogram nanos) {}

  /** Measures, and prints a line a round and contestant. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(argument(arguments, 0, System.getProperty("java.io.tmpdir")));
    int callers = Integer.parseInt(argument(arguments, 1, "32"));
    int rounds = Integer.parseInt(argument(arguments, 2, "5"));
    int seconds = Integer.parseInt(argument(arguments, 3, "3"));
    Path files = Files.createTempDirectory(directory, "weir-memory-");
    try (JournalledEngine engine = new JournalledEngine(files.resolve("journal"))) {
      List<Contestant> contestants =
          List.of(
              new Contestant(
                  "journal", (key, value) -> engine.write(key, value, Durability.JOURNAL), 0),
              new Contestant(
                  "memory", (key, value) -> engine.write(key, value, Durability.MEMORY), KEYS),
              new Contestant("early", new EarlyAnswer(engine.journal())::put, 2 * KEYS));
      for (Contestant contestant : contestants) {
        var _ = run(contestant, callers, seconds);
      }
      double[][] ratios = new double[contestants.size()][rounds];
      for (int round = 0; round < rounds; round++) {
        double journalled = 0;
        for (int i = 0; i < contestants.size(); i++) {
          Result result = run(contestants.get(i), callers, seconds);
          journalled = i == 0 ? result.perSecond() : journalled;
          ratios[i][round] = result.perSecond() / journalled;
          System.out.printf(
              Locale.ROOT,
              "%d callers, %s: %,.0f/s, p50 %,.1f us, p99 %,.1f us, %.2f of journal%n",
              callers,
              contestants.get(i).name(),
              result.perSecond(),
              result.nanos().getValueAtPercentile(50) / 1e3,
              result.nanos().getValueAtPercentile(99) / 1e3,
              ratios[i][round]);
        }
      }
      for (int i = 1; i < contestants.size(); i++) {
        Arrays.sort(ratios[i]);
        System.out.printf(
            Locale.ROOT,
            "%d callers, %s: median %.2f of journal%n",
            callers,
            contestants.get(i).name(),
            ratios[i][rounds / 2]);
      }
    } finally {
      try (Stream<Path> all = Files.walk(files)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(each);
        }
      }
    }
    System.exit(0); // The library keeps threads of its own.
  }

  private static String argument(String[] arguments, int index, String otherwise) {
    return arguments.length > index ? arguments[index] : otherwise;
  }

  @SuppressWarnings(
      "ThreadPriorityCheck") // Or callers that never wait keep others from their turn.
  private static Result run(Contestant contestant, int callers, int seconds)
      throws InterruptedException {
    Histogram nanos = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(EngineFixture.key(contestant.firstKey() + i));
    }
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        executor.execute(() -> {
          while (true) {
            long began = System.nanoTime();
            if (began >= end) {
              return;
            }
            Key key = keys.get(ThreadLocalRandom.current().nextInt(KEYS));
            contestant.target().put(key, new byte[VALUE_BYTES]);
            nanos.recordValue(System.nanoTime() - began);
            Thread.yield();
          }
        });
      }
    }
    return new Result((double) nanos.getTotalCount() / seconds, nanos);
  }

  /**
   * The least that an early answer must do: append, note the write as the newest of its key until
   * the log has applied it, and wait for the log where the oldest that it has not is 100 ms old, or
   * where the log's queue is full. It takes no gate of a key and nothing of a dirty budget, which
   * an engine would besides: so it is the most that an early answer could gain.
   */
  private static final class EarlyAnswer {

    private static final long MAX_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Journal journal;
    private final AtomicLong versions =
        new AtomicLong(Version.startOf(1, (1L << Version.EPOCH_BITS) - 2).value());
    private final ConcurrentMap<Key, Write> overlay = new ConcurrentHashMap<>();
    private final Queue<Pending> pending = new ConcurrentLinkedQueue<>();

    private record Pending(long sinceNanos, CompletableFuture<@Nullable Void> applied) {}

    EarlyAnswer(Journal journal) {
      this.journal = journal;
    }

    void put(Key key, byte[] value) {
      Write write =
          new Write(
              key, new Version(versions.incrementAndGet()), new Value(value, null, Value.NEVER));
      overlay.put(key, write);
      CompletableFuture<@Nullable Void> applied = append(write);
      long now = System.nanoTime();
      pending.add(new Pending(now, applied));
      var _ = applied.whenComplete((nothing, failure) -> overlay.remove(key, write));
      Pending oldest = oldest();
      if (oldest != null && now - oldest.sinceNanos() > MAX_AGE_NANOS) {
        applied.join();
      }
    }

    private CompletableFuture<@Nullable Void> append(Write write) {
      while (true) {
        CompletableFuture<@Nullable Void> applied =
            journal.append(List.of(new Mutation.Written(write)));
        if (!applied.isCompletedExceptionally()) {
          return applied;
        }
        Pending oldest = oldest();
        if (oldest != null) {
          oldest.applied().join();
        }
      }
    }

    private @Nullable Pending oldest() {
      Pending first = pending.peek();
      while (first != null && first.applied().isDone()) {
        var _ = pending.remove(first);
        first = pending.peek();
      }
      return first;
    }
  }
}
