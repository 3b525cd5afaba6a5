package io.weir.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.weir.cache.loop.WayBack;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many threads push comes back to the loop, each once, however their pushes meet. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReturnsStressTest {

  private static final int THREADS = 4;
  private static final int EACH = 50_000;

  @Test
  void nothingIsLeftBehindAndNothingComesTwice() throws Exception {
    DefaultEventExecutor loop = new DefaultEventExecutor();
    Returns returns = new Returns(loop);
    AtomicInteger back = new AtomicInteger();
    AtomicInteger elsewhere = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> pushed = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int batch = 1 + 7 * thread;
        pushed.add(
            threads.submit(() -> {
              for (int i = 1; i <= EACH; i++) {
                returns.push(
                    new WayBack.Returning() {
                      @Override
                      protected void back() {
                        back.incrementAndGet();
                        if (!returns.isLoop()) {
                          elsewhere.incrementAndGet();
                        }
                      }
                    });
                if (i % batch == 0 || i == EACH) {
                  returns.told();
                }
              }
            }));
      }
      for (Future<?> each : pushed) {
        each.get();
      }
    }
    await().untilAsserted(() -> assertThat(back).hasValue(THREADS * EACH));
    assertThat(elsewhere).hasValue(0);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    returns.push(
        new WayBack.Returning() {
          @Override
          protected void back() {
            back.incrementAndGet();
          }
        });
    returns.told(); // The loop has ended; nobody is troubled with that.
    assertThat(back).hasValue(THREADS * EACH);
  }
}
