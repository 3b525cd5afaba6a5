package io.weir.load.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.weir.client.CacheStatus;
import io.weir.client.Entry;
import io.weir.client.WeirClient;
import io.weir.load.result.DatabaseResult;
import io.weir.load.result.Environment;
import io.weir.load.result.Interval;
import io.weir.load.result.LoadResult;
import io.weir.load.result.OperationResult;
import io.weir.load.result.ServerResult;
import io.weir.load.result.Target;
import io.weir.load.result.Verification;
import io.weir.load.verify.Verdict;
import io.weir.load.workload.ClientShare;
import io.weir.load.workload.Distribution;
import io.weir.load.workload.Mix;
import io.weir.load.workload.Popularity;
import io.weir.load.workload.ValueSizes;
import io.weir.model.ByteSize;
import io.weir.model.Consistency;
import io.weir.testing.FakeCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadRunTest {

  private static final Environment ENVIRONMENT = ThisMachine.environment(List.of());

  private final FakeCluster cluster = new FakeCluster();
  private final WeirClient client =
      WeirClient.builder()
          .master(cluster.masterUrl())
          .deadline(Duration.ofMinutes(2)) // A busy machine takes its time.
          .readTimeout(Duration.ofMinutes(1))
          .build();
  private final List<LoadProgress> progress = new ArrayList<>();

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private LoadRun run(LoadPlan plan) {
    return new LoadRun(plan, client, ENVIRONMENT, progress::add);
  }

  private static LoadPlan plan(Duration duration) {
    return builder(duration).build();
  }

  private static LoadPlan.Builder builder(Duration duration) {
    return LoadPlan.builder()
        .clients(8)
        .threads(2)
        .keys(100)
        .mix(Mix.reading(0.5))
        .warmup(Duration.ofMillis(200))
        .duration(duration)
        .seed(7)
        .requestTimeout(Duration.ofMinutes(1));
  }

  /** Stops the run after so many reads, however long they take. */
  private LoadResult resultOfReads(int count, LoadPlan plan) throws InterruptedException {
    return resultOfReads(count, () -> true, plan);
  }

  /** Of so many reads at least, and of all until something else holds too. */
  private LoadResult resultOfReads(int count, BooleanSupplier enough, LoadPlan plan)
      throws InterruptedException {
    LoadRun run = run(plan);
    AtomicInteger reads = new AtomicInteger();
    run.tell(
        new AnswerListener() {
          @Override
          public void read(int key, CacheStatus status) {
            if (reads.incrementAndGet() >= count && enough.getAsBoolean()) {
              run.stop();
            }
          }

          @Override
          public void wrote(int key) {}
        });
    return run.run();
  }

  @Test
  void measuresAndEveryAcknowledgedWriteCanBeReadBack() throws InterruptedException {
    LoadRun run = run(plan(Duration.ofMillis(1_500)));
    LoadResult report = run.run();
    assertThat(report.errors()).isEmpty();
    assertThat(report.operations())
        .extracting(OperationResult::operation)
        .containsExactly("read", "update");
    assertThat(report.operations())
        .allSatisfy(each -> {
          assertThat(each.count()).isPositive().isEqualTo(each.responseTimes().getTotalCount());
          assertThat(each.service()).isEqualTo(each.response());
        });
    assertThat(report.timeline()).isNotEmpty();
    assertThat(report.timeline().stream().mapToLong(Interval::succeeded).sum())
        .isEqualTo(report.succeeded());
    assertThat(report.servers())
        .extracting(ServerResult::nodeId)
        .containsExactly("cache-1", "cache-2");
    // Operations and servers are drained one after the other, while the clients go on.
    assertThat(report.servers().stream().mapToLong(ServerResult::requests).sum())
        .isCloseTo(report.succeeded(), withinPercentage(20));
    assertThat(report.target()).isNull();
    assertThat(report.verification()).isNull();
    assertThat(report.database()).isNull();
    assertThat(report.seconds()).isGreaterThan(1.4);
    assertThat(report.reads().hitRatio()).isNotNull().isBetween(0.5, 1.0);
    assertThat(report.generator().cores()).isPositive();
    assertThat(report.writes().ambiguous()).isZero();
    assertThat(report.writes().acknowledged()).isPositive();
    assertThat(progress.getFirst().stage()).isEqualTo(LoadProgress.Stage.WARMING_UP);
    assertThat(progress.getLast().remaining()).isZero();
    int intact = 0;
    for (int key = 0; key < 100; key++) {
      byte[] value = client.get(run.log().keys().key(key)).map(Entry::value).orElse(null);
      Verdict verdict = run.log().check(key, value);
      assertThat(verdict).isIn(Verdict.INTACT, Verdict.UNTOUCHED);
      intact += verdict == Verdict.INTACT ? 1 : 0;
    }
    assertThat(intact).isPositive();
  }

  @Test
  void readsAreSpreadOverTheServersOfAShardWhereThatIsWanted() throws InterruptedException {
    cluster.replicas = true;
    LoadPlan.Builder builder =
        builder(Duration.ofMinutes(5)).warmup(Duration.ZERO).mix(Mix.reading(1)).keys(1);
    LoadResult fromLeader = resultOfReads(200, builder.build());
    assertThat(fromLeader.servers()).hasSize(1);
    // More than are under way at a time, so that some have come back from either.
    LoadResult fromAny =
        resultOfReads(
            200,
            () -> cluster.bothHaveAnswered(100),
            builder.readFromAny(Consistency.LINEARIZABLE).verify(true).build());
    assertThat(fromAny.errors()).isEmpty();
    assertThat(fromAny.servers()).hasSize(2);
    assertThat(fromAny.settings())
        .containsEntry("--read-from", "any")
        .containsEntry("--consistency", "linearizable");
  }

  @Test
  void readsThatMayLagBehindCannotBeVerified() {
    assertThatThrownBy(() ->
            builder(Duration.ofSeconds(1)).readFromAny(Consistency.EVENTUAL).verify(true).build())
        .hasMessageContaining("--verify needs --consistency linearizable");
  }

  @Test
  void refusedWritesAreCountedAndReadsGoOn() throws InterruptedException {
    cluster.refuseWrites = 503;
    LoadResult report = run(plan(Duration.ofMillis(500))).run();
    assertThat(report.errors()).containsOnlyKeys("unavailable");
    assertThat(report.writes().acknowledged()).isZero();
    assertThat(report.writes().ambiguous()).isZero();
    assertThat(report.succeeded()).isPositive();
  }

  @Test
  void aCacheServerThatDiesIsCountedAndTheOthersGoOn() throws InterruptedException {
    LoadRun run =
        new LoadRun(
            plan(Duration.ofMillis(1_000)),
            client,
            ENVIRONMENT,
            each -> {
              if (progress.isEmpty()) {
                cluster.stopCache(0);
              }
              progress.add(each);
            });
    LoadResult report = run.run();
    assertThat(report.errors()).containsKey("refused");
    assertThat(report.succeeded()).isPositive();
  }

  @Test
  void aWriteWithoutAnAnswerIsAmbiguousAndTheLastOfItsKey() throws InterruptedException {
    LoadRun run =
        new LoadRun(
            plan(Duration.ofMillis(800)),
            client,
            ENVIRONMENT,
            each -> cluster.writes = FakeCluster.Writes.DROPPED);
    LoadResult report = run.run();
    assertThat(report.errors()).containsOnlyKeys("connection-lost");
    assertThat(report.writes().ambiguous()).isBetween(1L, 100L);
    for (int key = 0; key < 100; key++) {
      byte[] value = client.get(run.log().keys().key(key)).map(Entry::value).orElse(null);
      assertThat(run.log().check(key, value)).isIn(Verdict.INTACT, Verdict.UNTOUCHED);
    }
  }

  @Test
  void aServerThatHangsEndsNeitherTheLoopNorTheTime() throws InterruptedException {
    cluster.writes = FakeCluster.Writes.HANGING;
    LoadPlan impatient =
        builder(Duration.ofMillis(900))
            .clients(4)
            .threads(1)
            .mix(Mix.reading(0))
            .warmup(Duration.ZERO)
            .requestTimeout(Duration.ofMillis(200))
            .build();
    LoadResult report = run(impatient).run();
    assertThat(report.errors()).containsOnlyKeys("timeout");
    assertThat(report.failed()).isGreaterThanOrEqualTo(4);
    assertThat(report.seconds()).isLessThan(60);
  }

  @Test
  void whatBeganInTimeAndFailsAfterItCounts() throws InterruptedException {
    cluster.pause(Duration.ofMinutes(5));
    LoadResult result =
        run(builder(Duration.ofMillis(500))
                .clients(4)
                .warmup(Duration.ZERO)
                .requestTimeout(Duration.ofSeconds(1))
                .build())
            .run();
    assertThat(result.errors()).isEqualTo(Map.of("timeout", 4L));
    assertThat(result.seconds()).isGreaterThan(0.9);
  }

  @Test
  void aRunThatIsStoppedDoesNotWaitForAServerThatHangs() throws InterruptedException {
    cluster.pause(Duration.ofMinutes(5));
    LoadRun run =
        run(
            builder(Duration.ofMinutes(5))
                .warmup(Duration.ZERO)
                .requestTimeout(Duration.ofMinutes(5))
                .build());
    Thread stopper = Thread.ofVirtual().start(run::stop);
    long start = System.nanoTime();
    run.run();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(2));
    stopper.join();
  }

  @Test
  void stopsEarlyWhenTold() throws InterruptedException {
    LoadRun run = run(plan(Duration.ofMinutes(5)));
    Thread stopper =
        Thread.ofVirtual()
            .start(() -> {
              await().atMost(Duration.ofMinutes(2)).until(() -> run.log().acknowledged() > 100);
              run.stop();
            });
    assertThat(run.run().writes().acknowledged()).isGreaterThan(100);
    stopper.join();
  }

  @Test
  void everyKeyIsInsertedOnceBeforeTheOperationsRun() throws InterruptedException {
    LoadRun run =
        run(builder(Duration.ofMillis(300)).phase(Phase.BOTH).mix(Mix.reading(1)).build());
    LoadResult result = run.run();
    assertThat(result.writes().acknowledged()).isEqualTo(100);
    assertThat(result.reads().absentReads()).isZero();
    assertThat(result.operations()).extracting(OperationResult::operation).containsExactly("read");
    assertThat(progress.getFirst().stage()).isEqualTo(LoadProgress.Stage.FILLING);
    for (int key = 0; key < 100; key++) {
      assertThat(run.log().isAcknowledged(key)).isTrue();
    }
  }

  @Test
  void insertingAloneIsMeasured() throws InterruptedException {
    LoadResult result = run(builder(Duration.ofMillis(300)).phase(Phase.LOAD).build()).run();
    assertThat(result.operations())
        .extracting(OperationResult::operation)
        .containsExactly("insert");
    assertThat(result.succeeded()).isEqualTo(100);
    assertThat(result.seconds()).isPositive();
  }

  @Test
  void aRefusedInsertIsTriedAgain() throws InterruptedException {
    cluster.refuseWrites = 503;
    LoadRun run =
        new LoadRun(
            builder(Duration.ofMillis(200)).phase(Phase.BOTH).build(),
            client,
            ENVIRONMENT,
            each -> cluster.refuseWrites = 0);
    assertThat(run.run().writes().acknowledged()).isGreaterThanOrEqualTo(100);
    assertThat(run.log().isAcknowledged(99)).isTrue();
  }

  @Test
  void severalProcessesWriteKeysOfTheirOwn() throws InterruptedException {
    ClientShare second = new ClientShare(1, 3);
    LoadRun run =
        run(
            builder(Duration.ofMillis(500))
                .phase(Phase.BOTH)
                .share(second)
                .mix(new Mix(0, 0.5, 0.5, 0, 0))
                .verify(true)
                .build());
    LoadResult result = run.run();
    assertThat(result.errors()).isEmpty();
    assertThat(run.log().end()).isGreaterThan(100);
    for (int key = 0; key < run.log().end(); key++) {
      assertThat(run.log().isAcknowledged(key) && key % 3 != 1).as("key %d", key).isFalse();
    }
  }

  @Test
  void severalProcessesAskForDifferentKeys() throws InterruptedException {
    List<List<Integer>> asked = new ArrayList<>();
    for (int process = 0; process < 2; process++) {
      List<Integer> keys = Collections.synchronizedList(new ArrayList<>());
      LoadRun run =
          run(
              builder(Duration.ofMinutes(5))
                  .warmup(Duration.ZERO)
                  .clients(1)
                  .threads(1)
                  .mix(Mix.reading(1))
                  .share(new ClientShare(process, 2))
                  .build());
      run.tell(
          new AnswerListener() {
            @Override
            public void read(int key, CacheStatus status) {
              keys.add(key);
              if (keys.size() == 20) {
                run.stop();
              }
            }

            @Override
            public void wrote(int key) {}
          });
      run.run();
      asked.add(List.copyOf(keys.subList(0, 20)));
    }
    assertThat(asked.get(0)).isNotEqualTo(asked.get(1));
  }

  @Test
  void everyKindOfOperationRunsAndLeavesWhatTheLogSays() throws InterruptedException {
    LoadRun run =
        run(
            builder(Duration.ofMillis(1_000))
                .phase(Phase.BOTH)
                .mix(new Mix(0.2, 0.2, 0.2, 0.2, 0.2))
                .popularity(Popularity.of(Distribution.LATEST))
                .valueSizes(ValueSizes.uniform(new ByteSize(24), new ByteSize(300)))
                .verify(true)
                .build());
    LoadResult result = run.run();
    assertThat(result.errors()).isEmpty();
    assertThat(result.operations())
        .extracting(OperationResult::operation)
        .containsExactly("read", "update", "insert", "delete", "read-modify-write");
    Verification verification = result.verification();
    assertThat(verification).isNotNull();
    assertThat(verification.wrong()).isZero();
    assertThat(verification.checkedReads()).isPositive();
    assertThat(run.log().end()).isGreaterThan(100);
    for (int key = 0; key < run.log().end(); key++) {
      byte[] value = client.get(run.log().keys().key(key)).map(Entry::value).orElse(null);
      assertThat(run.log().check(key, value)).as("key %d", key).isEqualTo(Verdict.INTACT);
    }
  }

  @Test
  void aReadThatReturnsAnOldValueIsFound() throws InterruptedException {
    cluster.staleEvery = 10;
    LoadResult result =
        run(builder(Duration.ofSeconds(2))
                .phase(Phase.BOTH)
                .warmup(Duration.ZERO)
                .verify(true)
                .build())
            .run();
    Verification verification = result.verification();
    assertThat(verification).isNotNull();
    assertThat(verification.staleReads()).isPositive();
    assertThat(verification.corruptReads()).isZero();
    assertThat(verification.missingReads()).isZero();
    assertThat(verification.examples().getFirst())
        .matches(
            "a read of load:\\d+ after write \\d+ of it was acknowledged or read returned"
                + " write \\d+ from http://.*");
    assertThat(result.errors()).containsOnlyKeys("stale");
    assertThat(result.failed()).isBetween(1L, verification.staleReads());
  }

  @Test
  void anOpenLoopKeepsItsRate() throws InterruptedException {
    LoadResult result =
        run(builder(Duration.ofSeconds(2))
                .pace(new Pace.Open(400, Arrivals.CONSTANT))
                .phase(Phase.BOTH)
                .build())
            .run();
    assertThat(result.target()).isEqualTo(new Target(400, "constant"));
    assertThat(result.throughput()).isLessThan(500.0);
    assertThat(result.errors().keySet()).isSubsetOf("overdue");
    // A generator that lacked processor time, and says so, tells nothing of the rate.
    assumeThat(result.generator().limited()).isFalse();
    assertThat(result.throughput()).isGreaterThan(300.0);
  }

  /**
   * 10,000 operations, of which those that were due in the second wait: 5 in 100. Only the four
   * that are under way when it begins, one for each client, take long from sending: 4 in 10,000.
   */
  @Test
  void aPauseOfASecondShowsFromTheIntendedStartAndNotFromSending() throws InterruptedException {
    LoadRun run =
        new LoadRun(
            builder(Duration.ofSeconds(20))
                .clients(4)
                .threads(1)
                .pace(new Pace.Open(500, Arrivals.CONSTANT))
                .build(),
            client,
            ENVIRONMENT,
            each -> {
              if (each.elapsed().toSeconds() == 10) {
                cluster.pause(Duration.ofSeconds(1));
              }
            });
    LoadResult result = run.run();
    assertThat(result.errors().keySet()).isSubsetOf("overdue");
    assertThat(result.responseTimes().getValueAtPercentile(99.9) / 1e6).isGreaterThan(900.0);
    assertThat(result.responseTimes().getValueAtPercentile(97) / 1e6).isGreaterThan(200.0);
    assertThat(result.serviceTimes().getValueAtPercentile(97))
        .isLessThan(result.responseTimes().getValueAtPercentile(97));
    assertThat(result.serviceTimes().getMaxValue() / 1e6).isGreaterThan(900.0);
  }

  @Test
  void whatIsDueAndCannotBeSentIsCounted() throws InterruptedException {
    cluster.pause(Duration.ofMinutes(5));
    LoadResult result =
        run(builder(Duration.ofMillis(1_000))
                .clients(2)
                .pace(new Pace.Open(100, Arrivals.POISSON))
                .requestTimeout(Duration.ofMillis(300))
                .build())
            .run();
    assertThat(result.errors()).containsKeys("overdue", "timeout");
    assertThat(result.failed() / result.seconds()).isBetween(60.0, 140.0);
    assertThat(result.succeeded()).isZero();
  }

  @Test
  void clientsThinkBeforeTheyGoOn() throws InterruptedException {
    LoadResult result =
        run(builder(Duration.ofMillis(1_000))
                .pace(new Pace.Closed(Duration.ofMillis(100)))
                .warmup(Duration.ZERO)
                .build())
            .run();
    // Each of the 8 begins at once, and again 100 ms after each answer.
    assertThat(result.succeeded()).isBetween(8L, (long) (8 * (10 * result.seconds() + 2)));
  }

  @Test
  void theServersMetricsTellWhatTheDatabasesWereSpared() throws InterruptedException {
    cluster.metrics = "cache_puts_total{operation=\"put\"} 10\nweir_writeback_entries_total 4\n";
    LoadRun run =
        new LoadRun(
            plan(Duration.ofMillis(1_500)),
            client,
            ENVIRONMENT,
            each -> {
              if (each.stage() == LoadProgress.Stage.MEASURING) {
                cluster.metrics =
                    "cache_puts_total{operation=\"put\"} 110\nweir_writeback_entries_total 24\n";
              }
            });
    assertThat(run.run().database()).isEqualTo(new DatabaseResult(200, 40, 0, 0L, 0));
  }

  @Test
  void everyAnswerIsTold() throws InterruptedException {
    LoadRun run = run(builder(Duration.ofMillis(300)).warmup(Duration.ZERO).build());
    LongAdder told = new LongAdder();
    run.tell(
        new AnswerListener() {
          @Override
          public void read(int key, CacheStatus status) {
            told.increment();
          }

          @Override
          public void wrote(int key) {
            told.increment();
          }
        });
    assertThat(run.run().succeeded()).isLessThanOrEqualTo(told.sum());
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
              ENVIRONMENT,
              now ->
                  cluster.token = now.stage() == LoadProgress.Stage.MEASURING ? "third" : "second");
      LoadResult result = run.run();
      assertThat(result.errors()).isEmpty();
      assertThat(result.writes().acknowledged()).isPositive();
    }
    assertThat(cluster.token).isEqualTo("third");
    assertThat(cluster.refused.get()).isPositive();
  }
}
