package io.weir.cache.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class HeartbeatTest {

  private final FakeMaster master = new FakeMaster();
  private final ManualScheduler scheduler = new ManualScheduler();
  private final TopologyView topology = new TopologyView();
  private final AtomicInteger unconfirmed = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();

  @BeforeEach
  void start() {
    MasterClient client =
        new MasterClient(
            new MasterAccessSettings(
                List.of(master.url()),
                Duration.ofMinutes(1),
                null,
                new MasterAccessSettings.Ssl(null)),
            null,
            null);
    new Heartbeat(
            client,
            topology,
            () -> Registrations.of("cache-" + made.incrementAndGet()),
            response -> {},
            unconfirmed::incrementAndGet,
            scheduler,
            Runnable::run)
        .start();
  }

  @AfterEach
  void stop() {
    scheduler.shutdownNow();
    master.close();
  }

  @Test
  void theFirstIsSentAtOnceAndTheNextAtTheMastersPace() {
    assertThat(scheduler.delayMillis).isZero();
    master.heartbeatMillis = 1_234;
    scheduler.runTask();
    assertThat(master.registrations).hasSize(1);
    assertThat(scheduler.delayMillis).isEqualTo(1_234);
    assertThat(unconfirmed).hasValue(0);
  }

  @Test
  void eachHeartbeatSaysWhatIsSoNow() {
    scheduler.runTask();
    scheduler.runTask();
    assertThat(master.registrations)
        .extracting(request -> request.nodeId().value())
        .containsExactly("cache-1", "cache-2");
  }

  @Test
  void theTopologyIsReadWhenItsVersionMoves() {
    master.version = 3;
    scheduler.runTask();
    assertThat(topology.topologyVersion()).isEqualTo(3);
    master.version = 4;
    scheduler.runTask();
    assertThat(topology.topologyVersion()).isEqualTo(4);
  }

  @Test
  void aMasterThatIsAwayIsSaidOnceAndAskedAgain(CapturedOutput output) {
    scheduler.runTask();
    int port = master.port();
    master.close();
    for (int i = 1; i <= 3; i++) {
      scheduler.runTask();
      // Hurried: the lease of before still runs.
      assertThat(scheduler.delayMillis).isEqualTo(500);
      assertThat(unconfirmed).hasValue(i);
    }
    assertThat(output.toString().split("serving goes on", -1)).hasSize(2);

    try (FakeMaster back = new FakeMaster(port)) {
      scheduler.runTask();
      scheduler.runTask();
      assertThat(back.registrations).hasSize(2);
    }
    assertThat(output.toString().split("takes heartbeats again", -1)).hasSize(2);
    assertThat(unconfirmed).hasValue(3);
  }

  @Test
  void aRefusalIsSaidOnceAndAskedAboutElsewhere(CapturedOutput output) {
    master.refusal = 409;
    for (int i = 1; i <= 3; i++) {
      scheduler.runTask();
      assertThat(unconfirmed).hasValue(i);
    }
    assertThat(output.toString().split("refuses the heartbeat", -1)).hasSize(2);
    master.detail = "something else";
    scheduler.runTask();
    assertThat(output.toString().split("refuses the heartbeat", -1)).hasSize(3);
  }

  @Test
  void noPaceMakesItSpin() {
    master.heartbeatMillis = -5;
    scheduler.runTask();
    assertThat(scheduler.delayMillis).isEqualTo(10);
  }

  @Test
  void nothingFollowsAShutdown(CapturedOutput output) {
    scheduler.shutdown();
    scheduler.runTask();
    assertThat(scheduler.hasTask()).isFalse();
    assertThat(output).doesNotContain("ERROR").doesNotContain("Exception");
  }
}
