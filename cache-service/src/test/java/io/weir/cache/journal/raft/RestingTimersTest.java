package io.weir.cache.journal.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.util.JRaftServiceLoader;
import com.alipay.sofa.jraft.util.timer.RaftTimerFactory;
import com.alipay.sofa.jraft.util.timer.Timeout;
import com.alipay.sofa.jraft.util.timer.Timer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RestingTimersTest {

  private final RestingTimers timers = new RestingTimers();

  @Test
  void jraftTakesThemInPlaceOfItsOwn() {
    assertThat(JRaftServiceLoader.load(RaftTimerFactory.class).first())
        .isInstanceOf(RestingTimers.class);
  }

  /** Each kind is a timer of its own, which JRaft stops with the member. */
  @Test
  void aTimerRunsWhatIsDueAndNotWhatWasTakenBack() {
    for (Timer timer :
        List.of(
            timers.getElectionTimer(false, "e"),
            timers.getVoteTimer(false, "v"),
            timers.getStepDownTimer(false, "d"),
            timers.getSnapshotTimer(false, "s"))) {
      AtomicInteger taken = new AtomicInteger();
      CompletableFuture<Timeout> ran = new CompletableFuture<>();
      Timeout back = timer.newTimeout(timeout -> taken.incrementAndGet(), 1, TimeUnit.MINUTES);
      assertThat(back.cancel()).isTrue();
      timer.newTimeout(ran::complete, 1, TimeUnit.MILLISECONDS);
      await().until(ran::isDone);
      timer.stop();
      assertThat(taken).hasValue(0);
    }
  }

  /** A timer that ticks looks at its clock again and again; one that rests parks once. */
  @Test
  void aTimerWaitsForWhatIsDueAndForNothingElse() {
    Timer timer = timers.createTimer("resting");
    timer.newTimeout(timeout -> {}, 1, TimeUnit.HOURS);
    Thread thread =
        await()
            .until(
                () ->
                    Thread.getAllStackTraces().keySet().stream()
                        .filter(each -> each.getName().startsWith("resting"))
                        .findFirst()
                        .orElse(null),
                each -> each != null && each.getState() != Thread.State.RUNNABLE);
    assertThat(thread.getStackTrace())
        .extracting(StackTraceElement::getMethodName)
        .doesNotContain("sleep");
    timer.stop();
  }
}
