package io.weir.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.cli.FakeCluster;
import io.weir.client.Entry;
import io.weir.client.WeirClient;
import io.weir.model.ByteSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadRunTest {

  private final FakeCluster cluster = new FakeCluster();
  private final WeirClient client = WeirClient.builder().master(cluster.masterUrl()).build();
  private final List<LoadProgress> progress = new ArrayList<>();

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private static LoadPlan plan(Duration duration) {
    return new LoadPlan(
        8,
        100,
        new ByteSize(100),
        0.5,
        Distribution.ZIPFIAN,
        0.99,
        Duration.ofMillis(200),
        duration,
        7,
        "load:",
        2,
        Duration.ofSeconds(2));
  }

  @Test
  void measuresAndEveryAcknowledgedWriteCanBeReadBack() throws InterruptedException {
    LoadRun run = new LoadRun(plan(Duration.ofMillis(1_500)), client, progress::add);
    LoadReport report = run.run();
    assertThat(report.errors()).isEmpty();
    assertThat(report.operations())
        .extracting(LoadReport.Latency::operation)
        .containsExactly("get", "put");
    assertThat(report.operations())
        .allSatisfy(latency -> {
          assertThat(latency.count()).isPositive();
          assertThat(latency.p50()).isPositive().isLessThanOrEqualTo(latency.p99());
          assertThat(latency.p999()).isLessThanOrEqualTo(latency.max());
        });
    assertThat(report.seconds()).isBetween(1.4, 2.5);
    assertThat(report.hitRatio()).isNotNull().isBetween(0.5, 1.0);
    assertThat(report.cpu().cores()).isPositive();
    assertThat(report.ambiguousWrites()).isZero();
    assertThat(report.acknowledgedWrites()).isPositive();
    assertThat(progress.getFirst().warmingUp()).isTrue();
    assertThat(progress.getLast().remaining()).isZero();
    int intact = 0;
    for (int key = 0; key < 100; key++) {
      byte[] value = client.get(run.log().keys().key(key)).map(Entry::value).orElse(null);
      WriteLog.Verdict verdict = run.log().check(key, value);
      assertThat(verdict).isIn(WriteLog.Verdict.INTACT, WriteLog.Verdict.UNTOUCHED);
      intact += verdict == WriteLog.Verdict.INTACT ? 1 : 0;
    }
    assertThat(intact).isGreaterThan(50);
  }

  @Test
  void refusedWritesAreCountedAndReadsGoOn() throws InterruptedException {
    cluster.refuseWrites = 503;
    LoadReport report = new LoadRun(plan(Duration.ofMillis(500)), client, progress::add).run();
    assertThat(report.errors()).containsOnlyKeys("unavailable");
    assertThat(report.acknowledgedWrites()).isZero();
    assertThat(report.ambiguousWrites()).isZero();
    assertThat(report.succeeded()).isPositive();
  }

  @Test
  void aCacheServerThatDiesIsCountedAndTheOthersGoOn() throws InterruptedException {
    LoadRun run =
        new LoadRun(
            plan(Duration.ofMillis(1_000)),
            client,
            each -> {
              if (progress.isEmpty()) {
                cluster.stopCache(0);
              }
              progress.add(each);
            });
    LoadReport report = run.run();
    assertThat(report.errors()).containsKey("refused");
    assertThat(report.succeeded()).isPositive();
  }

  @Test
  void aWriteWithoutAnAnswerIsAmbiguousAndTheLastOfItsKey() throws InterruptedException {
    LoadRun run =
        new LoadRun(
            plan(Duration.ofMillis(800)),
            client,
            each -> cluster.writes = FakeCluster.Writes.DROPPED);
    LoadReport report = run.run();
    assertThat(report.errors()).containsOnlyKeys("connection-lost");
    assertThat(report.ambiguousWrites()).isBetween(1L, 100L);
    for (int key = 0; key < 100; key++) {
      byte[] value = client.get(run.log().keys().key(key)).map(Entry::value).orElse(null);
      assertThat(run.log().check(key, value))
          .isIn(WriteLog.Verdict.INTACT, WriteLog.Verdict.UNTOUCHED);
    }
  }

  @Test
  void aServerThatHangsEndsNeitherTheLoopNorTheTime() throws InterruptedException {
    cluster.writes = FakeCluster.Writes.HANGING;
    LoadPlan impatient =
        new LoadPlan(
            4,
            100,
            new ByteSize(100),
            0,
            Distribution.UNIFORM,
            0.99,
            Duration.ZERO,
            Duration.ofMillis(900),
            7,
            "load:",
            1,
            Duration.ofMillis(200));
    LoadReport report = new LoadRun(impatient, client, progress::add).run();
    assertThat(report.errors()).containsOnlyKeys("timeout");
    assertThat(report.failed()).isGreaterThanOrEqualTo(4);
    assertThat(report.seconds()).isLessThan(3);
  }

  @Test
  void stopsEarlyWhenTold() throws InterruptedException {
    LoadRun run = new LoadRun(plan(Duration.ofMinutes(5)), client, progress::add);
    Thread stopper =
        Thread.ofVirtual()
            .start(() -> {
              await().until(() -> run.log().acknowledged() > 100);
              run.stop();
            });
    assertThat(run.run().acknowledgedWrites()).isGreaterThan(100);
    stopper.join();
  }

  @Test
  void aTokenThatIsReplacedMeanwhileFailsNoOperation() throws InterruptedException {
    cluster.token = "first";
    try (WeirClient shows =
        WeirClient.builder()
            .master(cluster.masterUrl())
            .token(() -> String.valueOf(cluster.token))
            .build()) {
      LoadRun run =
          new LoadRun(
              plan(Duration.ofMillis(1_500)),
              shows,
              now -> cluster.token = now.warmingUp() ? "second" : "third");
      LoadReport report = run.run();
      assertThat(report.errors()).isEmpty();
      assertThat(report.acknowledgedWrites()).isPositive();
    }
    assertThat(cluster.token).isEqualTo("third");
    assertThat(cluster.refused.get()).isPositive();
  }
}
