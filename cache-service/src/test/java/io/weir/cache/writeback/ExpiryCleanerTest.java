package io.weir.cache.writeback;

import static io.weir.cache.engine.EngineFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.engine.EngineFixture;
import io.weir.cache.engine.FakeBackingStore;
import io.weir.cache.engine.FakeClock;
import io.weir.cache.engine.FakeTicker;
import io.weir.cache.kv.Claim;
import io.weir.cache.kv.Value;
import io.weir.cache.store.FencedException;
import io.weir.model.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ExpiryCleanerTest {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final FakeBackingStore store = new FakeBackingStore();
  private final FakeClock clock = new FakeClock();
  private final FakeTicker ticker = new FakeTicker();
  private final List<FencedException> fenced = new ArrayList<>();
  private final ByHand scheduler = new ByHand();
  private final ExpiryCleaner cleaner =
      new ExpiryCleaner(
          store,
          EngineFixture.CLAIM,
          clock,
          ticker,
          new ExpiryCleaner.Limits(INTERVAL, Duration.ofSeconds(5), 10),
          fenced::add);

  @AfterEach
  void shutDown() {
    scheduler.shutdownNow();
  }

  /** Notes what is scheduled, and runs it when it is told to. */
  private static final class ByHand extends ScheduledThreadPoolExecutor {

    private @Nullable Runnable task;
    private @Nullable Duration pause;
    private @Nullable ScheduledFuture<?> future;

    ByHand() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      this.task = task;
      this.pause = Duration.of(delay, unit.toChronoUnit());
      this.future = super.schedule(task, 1, TimeUnit.DAYS);
      return future;
    }

    void runNext() {
      Runnable due = Objects.requireNonNull(task);
      task = null;
      due.run();
    }
  }

  private void insert(int count, String prefix, long expiresAtMillis) {
    for (int i = 0; i < count; i++) {
      store.insert(key(prefix + i), 1, new Value(new byte[1], null, expiresAtMillis));
    }
  }

  @Test
  void rowsGoInBatchesOnceTheyHaveBeenExpiredForTheMargin() {
    insert(35, "expired-", clock.millis() + 1_000);
    insert(5, "later-", clock.millis() + 60_000);
    insert(5, "never-", Value.NEVER);
    clock.advance(Duration.ofMillis(5_999));
    assertThat(cleaner.clean()).isZero();

    clock.advance(Duration.ofMillis(2));

    assertThat(cleaner.clean()).isEqualTo(10);
    assertThat(cleaner.clean()).isEqualTo(10);
    assertThat(cleaner.clean()).isEqualTo(10);
    assertThat(cleaner.clean()).isEqualTo(5);
    assertThat(store.size()).isEqualTo(10);
  }

  @Test
  void afterAFullBatchItRestsForAsLongAsThatTookAndElseForAnInterval() {
    insert(25, "expired-", clock.millis() - 60_000);
    store.beforeDelete = () -> ticker.advance(Duration.ofMillis(300));
    cleaner.start(scheduler);
    assertThat(scheduler.pause).isEqualTo(INTERVAL);

    scheduler.runNext();
    assertThat(scheduler.pause).isEqualTo(Duration.ofMillis(300));
    scheduler.runNext();
    assertThat(scheduler.pause).isEqualTo(Duration.ofMillis(300));
    scheduler.runNext();
    assertThat(scheduler.pause).isEqualTo(INTERVAL);
    assertThat(store.size()).isZero();
  }

  @Test
  void onceStoppedNoOtherBatchBegins() {
    insert(25, "expired-", clock.millis() - 60_000);
    cleaner.start(scheduler);
    store.beforeDelete = cleaner::stop;

    scheduler.runNext();

    assertThat(store.size()).isEqualTo(15);
    assertThat(scheduler.task).isNull();
  }

  @Test
  void whatIsScheduledWhenItIsStoppedIsCancelled() {
    cleaner.start(scheduler);

    cleaner.stop();

    assertThat(Objects.requireNonNull(scheduler.future).isCancelled()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverFailsIsToldNowAndThenAndTriedAgain(boolean isError, CapturedOutput log) {
    insert(3, "expired-", clock.millis() - 60_000);
    store.beforeDelete =
        () -> {
          if (isError) {
            throw new StackOverflowError("of the driver");
          }
          throw new IllegalStateException("of the driver");
        };
    cleaner.start(scheduler);
    for (int i = 0; i < 5; i++) {
      scheduler.runNext();
      assertThat(scheduler.pause).isEqualTo(INTERVAL);
    }
    assertThat(log.getOut().split("Expired rows were not removed", -1)).hasSize(2);
    ticker.advance(Duration.ofMinutes(1));
    scheduler.runNext();
    assertThat(log.getOut()).contains("5 times in the last minute or so").contains("of the driver");

    store.beforeDelete = () -> {};
    scheduler.runNext();
    assertThat(store.size()).isZero();
  }

  @Test
  void aReportOfALostFenceThatFailsEndsNothing() {
    insert(3, "expired-", clock.millis() - 60_000);
    store.takeOver(new Claim(2, 2, new NodeId("cache-2")));
    ExpiryCleaner failing =
        new ExpiryCleaner(
            store,
            EngineFixture.CLAIM,
            clock,
            ticker,
            new ExpiryCleaner.Limits(INTERVAL, Duration.ofSeconds(5), 10),
            e -> {
              throw new IllegalStateException("not now");
            });
    failing.start(scheduler);

    scheduler.runNext();

    assertThat(scheduler.pause).isEqualTo(INTERVAL);
    assertThat(scheduler.task).isNotNull();
  }

  @Test
  void aLostFenceChangesNothingAndIsReported() {
    insert(3, "expired-", clock.millis() - 60_000);
    store.takeOver(new Claim(2, 2, new NodeId("cache-2")));

    assertThat(cleaner.clean()).isZero();
    assertThat(store.size()).isEqualTo(3);
    assertThat(fenced).hasSize(1);
  }
}
