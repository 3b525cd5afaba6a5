package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.cache.engine.EngineException.Overloaded;
import io.weir.model.Key;
import java.time.Duration;
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
  void blindWritesPassTogether() {
    KeyGates.Gate gate = gates.enter(KEY);
    proposeBlindly(gate);
    proposeBlindly(gate);
    gate.proposalEnded();
    gate.proposalEnded();
  }

  @Test
  void aConditionalWriteWaitsForTheOutcomeOfEarlierOnes() throws Exception {
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
  void aBlindWriteWaitsForAConditionalOneAndForOneThatWaits() throws Exception {
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
}
