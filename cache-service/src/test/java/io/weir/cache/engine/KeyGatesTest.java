package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyGatesTest {

  private static final Key KEY = Key.of("k");

  private final KeyGates gates = new KeyGates(Duration.ofMinutes(2));
  private final KeyGates impatient = new KeyGates(Duration.ofMillis(10));
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void end() {
    executor.close();
  }

  private static void proposeBlindly(KeyGates.Gate gate) {
    gate.lockForProposal();
    gate.unlock();
  }

  @Test
  void aGateIsThereWhileSomebodyHoldsItAndNoLonger() {
    assertThat(gates.isIdle()).isTrue();
    KeyGates.Gate one = gates.enter(KEY);
    KeyGates.Gate two = gates.enter(Key.of("k"));
    assertThat(two).isSameAs(one);
    assertThat(gates.enter(Key.of("other"))).isNotSameAs(one);

    gates.leave(one);
    assertThat(gates.enter(KEY)).isSameAs(one);
    gates.leave(one);
    gates.leave(one);
    assertThat(gates.enter(KEY)).isNotSameAs(one);
    assertThat(gates.isIdle()).isFalse();
  }

  @Test
  void writesPassTogether() {
    KeyGates.Gate gate = gates.enter(KEY);
    proposeBlindly(gate);
    proposeBlindly(gate);
    gate.proposalEnded();
    gate.proposalEnded();
  }

  @Test
  void whoWillBeAloneWaitsForTheOutcomeOfEarlierWrites() throws Exception {
    KeyGates.Gate gate = gates.enter(KEY);
    proposeBlindly(gate);
    proposeBlindly(gate);
    Future<?> conditional = executor.submit(gate::beginExclusive);
    gate.proposalEnded();
    assertThat(conditional.isDone()).isFalse();
    gate.proposalEnded();
    conditional.get();
    gate.endExclusive();
  }

  @Test
  void aWriteWaitsForWhoIsAloneAndForWhoWaitsForThat() throws Exception {
    KeyGates.Gate gate = gates.enter(KEY);
    AtomicInteger step = new AtomicInteger();
    proposeBlindly(gate);
    Thread conditional =
        Thread.ofPlatform()
            .name("conditional")
            .start(() -> {
              gate.beginExclusive();
              step.compareAndSet(0, 1);
              gate.endExclusive();
            });
    await().until(() -> conditional.getState() == Thread.State.TIMED_WAITING);
    Future<?> blind =
        executor.submit(() -> {
          gate.lockForProposal();
          try {
            step.compareAndSet(1, 2);
          } finally {
            gate.unlock();
            gate.proposalEnded();
          }
        });
    gate.proposalEnded();
    conditional.join();
    blind.get();
    assertThat(step).as("the conditional write passed first").hasValue(2);
  }

  @Test
  void nobodyWaitsForEver() {
    KeyGates.Gate gate = impatient.enter(KEY);
    gate.beginExclusive();
    assertThatThrownBy(gate::lockForProposal).isInstanceOf(Overloaded.class);
    assertThatThrownBy(gate::beginExclusive).isInstanceOf(Overloaded.class);
    gate.endExclusive();

    proposeBlindly(gate);
    assertThatThrownBy(gate::beginExclusive).isInstanceOf(Overloaded.class);
    proposeBlindly(gate);
    gate.proposalEnded();
    gate.proposalEnded();
    gate.beginExclusive();
    gate.endExclusive();
  }

  @Test
  void whoDoesNotWaitPassesOnlyWhereNobodyIsOrWaits() throws Exception {
    KeyGates.Gate gate = gates.enter(KEY);
    assertThat(gate.tryExclusive()).isTrue();
    assertThat(gate.tryExclusive()).isFalse();
    gate.endExclusive();

    proposeBlindly(gate);
    assertThat(gate.tryExclusive()).isFalse();
    Thread first = waiting(gate::beginExclusive);
    assertThat(gate.tryExclusive()).isFalse();
    gate.proposalEnded();
    first.join();
    assertThat(gate.tryExclusive()).isFalse();
    gate.endExclusive();
    assertThat(gate.tryExclusive()).isTrue();
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    KeyGates.Gate gate = gates.enter(KEY);
    gate.beginExclusive();
    Future<?> blocked =
        executor.submit(() -> {
          Thread.currentThread().interrupt();
          gate.lockForProposal();
        });
    assertThatThrownBy(blocked::get).hasCauseInstanceOf(Overloaded.class);
    gate.endExclusive();
  }

  /** Runs in a thread of its own, which waits by then. */
  private Thread waiting(Runnable write) {
    Thread thread = Thread.ofPlatform().name("waiting").start(write);
    await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    return thread;
  }

  @Test
  void nobodyOvertakesWhoWaitsWhateverTheKind() throws Exception {
    KeyGates.Gate gate = gates.enter(KEY);
    List<String> passed = new CopyOnWriteArrayList<>();
    gate.beginExclusive();
    List<Thread> threads = new ArrayList<>();
    for (String name : List.of("c1", "b1", "b2", "c2", "b3", "c3")) {
      threads.add(
          waiting(() -> {
            if (name.startsWith("c")) {
              gate.beginExclusive();
              passed.add(name);
              gate.endExclusive();
            } else {
              gate.lockForProposal();
              passed.add(name);
              gate.proposalEnded();
              gate.unlock();
            }
          }));
    }
    gate.endExclusive();
    for (Thread each : threads) {
      each.join();
    }
    assertThat(passed.subList(1, 3)).containsExactlyInAnyOrder("b1", "b2");
    assertThat(List.of(passed.get(0), passed.get(3), passed.get(4), passed.get(5)))
        .containsExactly("c1", "c2", "b3", "c3");
  }

  @Test
  void aWritePassesAStreamOfThoseWhoAreAlone() throws Exception {
    KeyGates.Gate gate = gates.enter(KEY);
    gate.beginExclusive();
    Thread second = waiting(gate::beginExclusive);
    Thread blind = waiting(() -> proposeBlindly(gate));
    gate.endExclusive();
    second.join();
    Thread third = waiting(gate::beginExclusive);
    gate.endExclusive();
    blind.join();
    assertThat(third.isAlive()).as("it waits for the outcome of the blind one").isTrue();
    gate.proposalEnded();
    third.join();
  }

  @Test
  void whoGivesUpLetsThosePassWhomItHeldBack() {
    KeyGates.Gate gate = impatient.enter(KEY);
    proposeBlindly(gate);
    assertThatThrownBy(gate::beginExclusive).isInstanceOf(Overloaded.class);
    proposeBlindly(gate);
    gate.proposalEnded();
    gate.proposalEnded();
  }

  /** Writers of both kinds, at random, some of whom give up; who is alone has none beside him. */
  @Test
  void whoIsAloneIsThatWhateverHappens() throws Exception {
    long seed = System.nanoTime();
    KeyGates hurried = new KeyGates(Duration.ofMillis(2));
    AtomicInteger blind = new AtomicInteger();
    AtomicInteger conditional = new AtomicInteger();
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Random random = new Random(seed + i);
      writers.add(
          executor.submit(() -> {
            for (int n = 0; n < 500; n++) {
              write(hurried, random, blind, conditional);
            }
          }));
    }
    for (Future<?> writer : writers) {
      writer.get();
    }
    assertThat(hurried.isIdle()).as("seed %d", seed).isTrue();
  }

  private Proposed proposed(KeyGates.Gate gate, long version) {
    Proposal proposal = new Proposal(new Heard(), new WriteStatistics.Counter());
    return new Proposed(gate, proposal, new Write(KEY, new Version(version), null));
  }

  @Test
  void aGateKnowsWhatWasProposedLastOfWhatHasNoOutcome() {
    KeyGates.Gate gate = gates.enter(KEY);
    assertThat(gate.newest()).isNull();
    List<Proposed> all = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      Proposed next = proposed(gates.enter(KEY), i);
      gate.lockForProposal();
      gate.propose(next);
      gate.unlock();
      all.add(next);
      assertThat(gate.newest()).isSameAs(next);
    }
    all.get(0).end();
    all.get(2).end();
    assertThat(gate.newest()).isSameAs(all.get(3));
    all.get(3).end();
    assertThat(gate.newest()).isSameAs(all.get(1));
    assertThat(gate.tryExclusive()).isFalse();
    all.get(1).end();
    assertThat(gate.newest()).isNull();
    assertThat(gate.tryExclusive()).isTrue();
    gate.endExclusive();
    gates.leave(gate);
    assertThat(gates.isIdle()).isTrue();
  }

  @Test
  void whoHasPassedAloneAndProposesLetsOthersPassBehind() throws Exception {
    KeyGates.Gate gate = gates.enter(KEY);
    gate.beginExclusive();
    AtomicInteger passed = new AtomicInteger();
    Thread first =
        waiting(() -> {
          proposeBlindly(gate);
          passed.incrementAndGet();
        });
    Thread alone =
        waiting(() -> {
          gate.beginExclusive();
          passed.incrementAndGet();
          gate.endExclusive();
        });
    Proposed proposed = proposed(gates.enter(KEY), 1);
    gate.lock();
    gate.propose(proposed);
    assertThat(passed).as("not before it has its place").hasValue(0);
    gate.unlock();
    first.join();
    assertThat(passed).hasValue(1);
    gate.proposalEnded();
    assertThat(alone.isAlive()).isTrue();
    proposed.end();
    alone.join();
    assertThat(passed).hasValue(2);
  }

  private static void write(
      KeyGates gates, Random random, AtomicInteger blind, AtomicInteger conditional) {
    KeyGates.Gate gate = gates.enter(KEY);
    try {
      if (random.nextInt(3) == 0) {
        gate.beginExclusive();
        assertThat(conditional.incrementAndGet()).isEqualTo(1);
        assertThat(blind).hasValue(0);
        Thread.yield();
        conditional.decrementAndGet();
        gate.endExclusive();
      } else {
        gate.lockForProposal();
        blind.incrementAndGet();
        assertThat(conditional).hasValue(0);
        gate.unlock();
        Thread.yield();
        blind.decrementAndGet();
        gate.proposalEnded();
      }
    } catch (Overloaded e) {
      // It has given up, and others go on.
    } finally {
      gates.leave(gate);
    }
  }
}
