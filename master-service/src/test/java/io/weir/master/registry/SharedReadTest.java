package io.weir.master.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SharedReadTest {

  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void whoComesWhileOneIsUnderWaySharesTheNext() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    SharedRead<Integer> read =
        new SharedRead<>(() -> {
          int number = reads.incrementAndGet();
          began.countDown();
          awaitQuietly(gate);
          return number;
        });
    AtomicInteger asking = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = threads.submit(read::get);
      began.await();
      List<Future<Integer>> later =
          IntStream.range(0, 100)
              .mapToObj(i ->
                  threads.submit(() -> {
                    asking.incrementAndGet();
                    return read.get();
                  }))
              .toList();
      await().until(() -> asking.get() == 100);
      gate.countDown();
      assertThat(first.get()).isEqualTo(1);
      for (Future<Integer> one : later) {
        // One more read for those that were counted, and had not asked yet.
        assertThat(one.get()).isBetween(2, 100);
      }
      assertThat(reads.get()).isLessThan(50);
    }
  }

  @Test
  void aReadNeverBeginsBeforeItIsAskedFor() throws Exception {
    AtomicInteger written = new AtomicInteger();
    SharedRead<Integer> read = new SharedRead<>(written::get);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Void>> all =
          IntStream.range(0, 2_000)
              .mapToObj(i ->
                  CompletableFuture.runAsync(
                      () -> {
                        int before = written.incrementAndGet();
                        assertThat(read.get()).isGreaterThanOrEqualTo(before);
                      },
                      threads))
              .toList();
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
    }
  }

  @Test
  void aFailureIsEverybodysAndTheNextReadsAnew() {
    SharedRead<Integer> read =
        new SharedRead<>(() -> {
          if (reads.incrementAndGet() == 1) {
            throw new IllegalStateException("no");
          }
          return reads.get();
        });
    assertThatIllegalStateException().isThrownBy(read::get).withMessage("no");
    assertThat(read.get()).isEqualTo(2);
  }

  private static void awaitQuietly(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
