package io.weir.master.topology;

import static io.weir.master.registry.Registrations.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.weir.master.registry.RegistryFixture;
import io.weir.master.registry.RegistryState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopologyWatchTest {

  private static final Duration LONG = Duration.ofMinutes(2);

  private final RegistryFixture fixture = RegistryFixture.inMemory(1, Duration.ofSeconds(6));
  private final AtomicLong now = new AtomicLong();
  private final TopologyWatch watch =
      new TopologyWatch(
          fixture.registry(),
          new WatchSettings(LONG, 2, Duration.ofMillis(20), Duration.ofMillis(100)),
          1L << 30,
          now::get);

  @BeforeEach
  void start() {
    watch.start();
  }

  @AfterEach
  void close() {
    watch.stop();
    fixture.close();
  }

  @Test
  void aChangeWakesAllWhoWait() {
    CompletableFuture<RegistryState> one = watch.await(0, LONG);
    CompletableFuture<RegistryState> two = watch.await(0, LONG);
    assertThat(one).isNotDone();
    fixture.registry().register(node("a").leading(1, 1));
    assertThat(one)
        .succeedsWithin(Duration.ofMinutes(2))
        .extracting(RegistryState::version)
        .isEqualTo(1L);
    assertThat(two).succeedsWithin(Duration.ofMinutes(2));
    assertThat(watch.waiting()).isZero();
  }

  @Test
  void whoKnowsAnotherVersionDoesNotWait() {
    assertThat(watch.await(41, LONG)).isCompleted();
  }

  @Test
  void changesThatFollowSoonAreToldTogether() {
    CompletableFuture<RegistryState> first = watch.await(0, LONG);
    fixture.registry().register(node("a").leading(1, 1));
    assertThat(first).succeedsWithin(Duration.ofMinutes(2));
    assertThat(watch.toldVersion()).isEqualTo(1);

    CompletableFuture<RegistryState> second = watch.await(1, LONG);
    fixture.registry().register(node("a").leading(1, 2));
    fixture.registry().register(node("a").leading(1, 3));
    // Who was told the first only now waits for the others, and who knows the newest does too.
    CompletableFuture<RegistryState> late = watch.await(1, LONG);
    assertThat(second).isNotDone();
    assertThat(late).isNotDone();
    now.addAndGet(Duration.ofMillis(100).toNanos());
    assertThat(second)
        .succeedsWithin(Duration.ofMinutes(2))
        .extracting(RegistryState::version)
        .isEqualTo(3L);
    assertThat(late).succeedsWithin(Duration.ofMinutes(2));
    assertThat(watch.await(3, LONG)).isNotDone();
  }

  @Test
  void aHeartbeatWakesNobody() {
    fixture.registry().register(node("a").leading(1, 1));
    CompletableFuture<RegistryState> waiting = watch.await(1, LONG);
    fixture.registry().register(node("a").leading(1, 1));
    assertThat(waiting).isNotDone();
  }

  @Test
  void theWaitEndsWithTheVersionThatIsKnown() {
    CompletableFuture<RegistryState> waiting = watch.await(0, Duration.ofSeconds(3));
    now.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(waiting)
        .succeedsWithin(Duration.ofMinutes(2))
        .extracting(RegistryState::version)
        .isEqualTo(0L);
  }

  @Test
  void noMoreWaitThanMay() {
    watch.await(0, LONG);
    watch.await(0, LONG);
    assertThatExceptionOfType(TooManyWaitersException.class).isThrownBy(() -> watch.await(0, LONG));
    assertThat(watch.waiting()).isEqualTo(2);
  }

  @Test
  void whoHasWaitedLongestIsLetGoForAnother() {
    CompletableFuture<RegistryState> gone = watch.await(0, LONG);
    CompletableFuture<RegistryState> other = watch.await(0, LONG);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    CompletableFuture<RegistryState> third = watch.await(0, LONG);
    assertThat(gone).isCompleted();
    assertThat(other).isNotDone();
    assertThat(third).isNotDone();
    assertThat(watch.waiting()).isEqualTo(2);
  }

  @Test
  void asManyWaitAsTheHeapHolds() {
    WatchSettings settings =
        new WatchSettings(LONG, null, Duration.ofMillis(20), Duration.ofMillis(100));
    assertThat(settings.waitersWithin(230L << 20)).isBetween(1_000, 5_000);
    assertThat(settings.waitersWithin(8L << 30)).isEqualTo(10_000);
    assertThat(
            new WatchSettings(LONG, 7, LONG.dividedBy(100), LONG.dividedBy(100)).waitersWithin(1))
        .isEqualTo(7);
  }

  @Test
  void aStopLetsAllGo() {
    CompletableFuture<RegistryState> waiting = watch.await(0, LONG);
    watch.stop();
    assertThat(waiting).isCompleted();
    assertThat(watch.await(0, LONG)).isCompleted();
  }
}
