package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.entity.LogEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Entries are read while the files that they are in are used anew. */
@Timeout(600)
class SegmentReadersTest {

  private static final int SEGMENT_BYTES = 16 << 10;
  private static final int READERS = 3;
  private static final long LAST = 6_000;
  private static final int KEPT = 60;

  @TempDir Path directory;

  @Test
  void aReaderGetsTheEntryItAskedForOrNone() throws Exception {
    SegmentLogStorage log = TestLog.open(directory, SEGMENT_BYTES);
    AtomicBoolean done = new AtomicBoolean();
    AtomicLong read = new AtomicLong();
    AtomicLong dropped = new AtomicLong();
    Set<Object> files = new HashSet<>();
    int segments = 0;
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
      List<Future<Object>> running = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        running.add(readers.submit(reader(log, new Random(i), done, read, dropped)));
      }
      try {
        Path newest = null;
        for (long index = 1; index <= LAST; index++) {
          log.appendEntries(List.of(TestLog.data(index, bytesOf(index))));
          Path now = TestLog.newest(directory);
          if (!now.equals(newest)) {
            newest = now;
            segments++;
            files.add(Files.getAttribute(now, "unix:ino"));
          }
          if (index % KEPT == 0) {
            log.truncatePrefix(index - KEPT / 2);
          }
        }
      } finally {
        done.set(true);
      }
      for (Future<Object> reader : running) {
        reader.get(1, TimeUnit.MINUTES);
      }
    }
    assertThat(read.get()).isPositive();
    assertThat(dropped.get()).isPositive();
    assertThat(segments).as("segments in few files").isGreaterThan(3 * files.size());
    log.shutdown();
  }

  private static Callable<Object> reader(
      SegmentLogStorage log,
      Random random,
      AtomicBoolean done,
      AtomicLong read,
      AtomicLong dropped) {
    return () -> {
      while (!done.get()) {
        long index = log.getFirstLogIndex() + random.nextInt(KEPT) - KEPT / 4;
        LogEntry entry = log.getEntry(index);
        if (entry == null) {
          dropped.incrementAndGet();
        } else {
          assertThat(TestLog.line(entry))
              .isEqualTo(TestLog.line(TestLog.data(index, bytesOf(index))));
          read.incrementAndGet();
        }
      }
      return done;
    };
  }

  private static int bytesOf(long index) {
    return (int) (index * 31 % 700);
  }

  @Test
  void aReaderThatIsInterruptedLeavesTheLogOpen() throws Exception {
    SegmentLogStorage log = TestLog.open(directory, SEGMENT_BYTES);
    log.appendEntries(List.of(TestLog.data(1, 100)));
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              Thread.currentThread().interrupt();
              assertThat(log.getEntry(1)).isNotNull();
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
    reader.join();
    assertThat(log.appendEntries(List.of(TestLog.data(2, 100)))).isEqualTo(1);
    assertThat(log.getEntry(1)).isNotNull();
    log.shutdown();
  }
}
