package io.weir.cache.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RequestThreadsTest {

  private final RequestThreads threads = new RequestThreads();
  private final CountDownLatch held = new CountDownLatch(1);

  @AfterEach
  void end() {
    held.countDown();
    threads.shutdownNow();
  }

  @Test
  void aRequestGetsAThreadThatIsKept() throws Exception {
    assertThat(runAtOnce().get(10, TimeUnit.SECONDS).isVirtual()).isFalse();
  }

  /** The kept ones wait for the database, and others do not wait for them. */
  @Test
  void aRequestBeyondThoseThatAreKeptGetsAVirtualOne() throws Exception {
    List<CompletableFuture<Thread>> held = holdAllKept();
    for (int i = 0; i < 3; i++) {
      assertThat(runAtOnce().get(10, TimeUnit.SECONDS).isVirtual()).isTrue();
    }
    this.held.countDown();
    for (CompletableFuture<Thread> each : held) {
      assertThat(each.get(10, TimeUnit.SECONDS).isVirtual()).isFalse();
    }
  }

  @Test
  void whatFailsGivesItsThreadBack() throws Exception {
    for (int i = 0; i < 2 * RequestThreads.KEPT; i++) {
      CompletableFuture<Void> ran = new CompletableFuture<>();
      threads.execute(() -> {
        ran.complete(null);
        throw new Failure();
      });
      ran.get(10, TimeUnit.SECONDS);
    }
    // The last one's is given back just after it has run.
    await()
        .dontCatchUncaughtExceptions()
        .until(() -> !runAtOnce().get(10, TimeUnit.SECONDS).isVirtual());
  }

  @Test
  void afterTheEndARequestStillGetsOne() throws Exception {
    threads.shutdown();
    assertThat(runAtOnce().get(10, TimeUnit.SECONDS).isVirtual()).isTrue();
  }

  private CompletableFuture<Thread> runAtOnce() {
    CompletableFuture<Thread> ran = new CompletableFuture<>();
    threads.execute(() -> ran.complete(Thread.currentThread()));
    return ran;
  }

  /** Takes as many as there are, and waits until each runs. */
  private List<CompletableFuture<Thread>> holdAllKept() throws InterruptedException {
    List<CompletableFuture<Thread>> all = new ArrayList<>();
    CountDownLatch running = new CountDownLatch(RequestThreads.KEPT);
    for (int i = 0; i < RequestThreads.KEPT; i++) {
      CompletableFuture<Thread> ran = new CompletableFuture<>();
      all.add(ran);
      threads.execute(() -> {
        running.countDown();
        try {
          held.await();
          ran.complete(Thread.currentThread());
        } catch (InterruptedException e) {
          ran.completeExceptionally(e);
        }
      });
    }
    assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
    return all;
  }

  private static final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1;
  }
}
