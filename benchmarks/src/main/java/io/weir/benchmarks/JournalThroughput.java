package io.weir.benchmarks;

import io.weir.model.Durability;
import io.weir.model.Key;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Durable puts a second: the whole engine on its journal beside a bare loop that appends to a
 * preallocated file and syncs it, with the same callers, who wait for the same futures; and the
 * engine as one event loop calls it that has as many writes on their way. They are measured in
 * turns, and what counts is the median of the rounds' ratios.
 *
 * <p>{@code java -cp benchmarks/target/weir-benchmarks.jar io.weir.benchmarks.JournalThroughput
 * [DIRECTORY] [CALLERS] [VALUE_BYTES] [ROUNDS] [SECONDS]}
 */
public final class JournalThroughput {

  private static final int KEYS = 10_000;
  private static final long FILE_BYTES = 256L << 20;
  private static final int HEADER_BYTES = 24;

  private JournalThroughput() {}

  /** Something that makes a value durable before it returns. */
  private interface Target {
    void put(Key key, byte[] value);
  }

  /** Measures, and prints a line a round. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(argument(arguments, 0, System.getProperty("java.io.tmpdir")));
    int callers = Integer.parseInt(argument(arguments, 1, "256"));
    int valueBytes = Integer.parseInt(argument(arguments, 2, "100"));
    int rounds = Integer.parseInt(argument(arguments, 3, "5"));
    int seconds = Integer.parseInt(argument(arguments, 4, "3"));
    Path files = Files.createTempDirectory(directory, "weir-journal-");
    Key[] keys = EngineFixture.keys(KEYS);
    try (BareLoop bare = new BareLoop(files.resolve("bare"));
        JournalledEngine engine = new JournalledEngine(files.resolve("journal"))) {
      run(bare, keys, callers, valueBytes, seconds);
      Target durable = (key, value) -> engine.write(key, value, Durability.JOURNAL);
      run(durable, keys, callers, valueBytes, seconds);
      WriteLoop.run(engine.async(), keys, callers, valueBytes, seconds);
      double[] ratios = new double[rounds];
      double[] ofLoop = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        long one = run(bare, keys, callers, valueBytes, seconds);
        long other = run(durable, keys, callers, valueBytes, seconds);
        long loop = WriteLoop.run(engine.async(), keys, callers, valueBytes, seconds);
        ratios[round] = (double) other / one;
        ofLoop[round] = (double) loop / one;
        System.out.printf(
            Locale.ROOT,
            "%d callers, %d B: bare %,d/s, engine %,d/s, ratio %.2f; one loop %,d/s, ratio %.2f%n",
            callers,
            valueBytes,
            one,
            other,
            ratios[round],
            loop,
            ofLoop[round]);
      }
      Arrays.sort(ratios);
      Arrays.sort(ofLoop);
      System.out.printf(
          Locale.ROOT,
          "median ratio %.2f, of one loop %.2f%n",
          ratios[rounds / 2],
          ofLoop[rounds / 2]);
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

  private static long run(Target target, Key[] keys, int callers, int valueBytes, int seconds)
      throws InterruptedException {
    LongAdder done = new LongAdder();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        executor.execute(() -> {
          while (System.nanoTime() < end) {
            Key key = keys[ThreadLocalRandom.current().nextInt(keys.length)];
            target.put(key, new byte[valueBytes]);
            done.increment();
          }
        });
      }
    }
    return done.sum() / seconds;
  }

  /** One thread takes all that waits, appends it with one write, syncs, and tells the callers. */
  private static final class BareLoop implements Target, AutoCloseable {

    private final BlockingQueue<Append> queue = new LinkedBlockingQueue<>();
    private final FileChannel channel;
    private final Thread thread;
    private volatile boolean closed;

    @SuppressWarnings("ArrayRecordComponent") // Handed over.
    private record Append(byte[] bytes, CompletableFuture<@Nullable Void> done) {}

    BareLoop(Path file) throws IOException {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
      ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
      for (long written = 0; written < FILE_BYTES; written += zeros.capacity()) {
        zeros.clear();
        channel.write(zeros);
      }
      channel.force(true);
      thread = Thread.ofPlatform().name("bare-loop").daemon().start(this::loop);
    }

    @Override
    public void put(Key key, byte[] value) {
      byte[] bytes = new byte[HEADER_BYTES + key.length() + value.length];
      Append append = new Append(bytes, new CompletableFuture<>());
      queue.add(append);
      append.done.join();
    }

    private void loop() {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4 << 20);
      List<Append> batch = new ArrayList<>();
      long position = 0;
      try {
        while (!closed) {
          Append first = queue.poll(10, TimeUnit.MILLISECONDS);
          if (first == null) {
            continue;
          }
          batch.add(first);
          queue.drainTo(batch, 1_000);
          buffer.clear();
          batch.forEach(append -> buffer.put(append.bytes));
          buffer.flip();
          if (position + buffer.remaining() > FILE_BYTES) {
            position = 0;
          }
          position += channel.write(buffer, position);
          channel.force(false);
          batch.forEach(append -> append.done.complete(null));
          batch.clear();
        }
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws IOException {
      closed = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      channel.close();
    }
  }
}
