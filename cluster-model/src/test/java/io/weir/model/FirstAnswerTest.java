package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FirstAnswerTest {

  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration NEVER = Duration.ofHours(1);

  private final CountDownLatch hung = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void whoAnswersInTimeIsTheOnlyOneAsked() throws Exception {
    assertThat(FirstAnswer.of(List.of(says("one"), says("two")), NEVER))
        .isEqualTo(new FirstAnswer<>(0, "one"));
    assertThat(asked).hasValue(1);
  }

  @Test
  void theNextIsAskedAtOnceWhenOneFails() throws Exception {
    assertThat(FirstAnswer.of(List.of(fails("a"), fails("b"), says("three")), NEVER))
        .isEqualTo(new FirstAnswer<>(2, "three"));
  }

  @Test
  void oneThatHangsCostsNoMoreThanItMayBeLate() throws Exception {
    assertThat(FirstAnswer.of(List.of(hangs(), says("two")), SOON))
        .isEqualTo(new FirstAnswer<>(1, "two"));
    // It is told that nobody waits for it any more.
    assertThat(hung.await(1, java.util.concurrent.TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void theLateOneMayStillAnswer() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    Callable<String> late =
        () -> {
          second.await();
          return "one";
        };
    Callable<String> hangs =
        () -> {
          second.countDown();
          hung.await();
          return "two";
        };
    assertThat(FirstAnswer.of(List.of(late, hangs), SOON)).isEqualTo(new FirstAnswer<>(0, "one"));
  }

  @Test
  void noMoreThanTwoAreAskedAtATime() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch both = new CountDownLatch(2);
    Callable<String> waits =
        () -> {
          both.countDown();
          released.await();
          throw new IOException("waited");
        };
    Callable<String> third =
        () -> {
          assertThat(released.getCount()).isZero();
          return "three";
        };
    Callable<String> releases =
        () -> {
          both.await();
          released.countDown();
          return "";
        };
    var _ = Thread.ofVirtual().start(new java.util.concurrent.FutureTask<>(releases));
    assertThat(FirstAnswer.of(List.of(waits, waits, third), Duration.ofMillis(1)).index())
        .isEqualTo(2);
  }

  @Test
  void whenNoneAnswersEachSaysWhyNot() {
    assertThatExceptionOfType(FirstAnswer.NoneException.class)
        .isThrownBy(() -> FirstAnswer.of(List.of(fails("a"), fails("b")), NEVER))
        .satisfies(e ->
            assertThat(e.failures()).extracting(Exception::getMessage).containsExactly("a", "b"));
  }

  private Callable<String> says(String answer) {
    return () -> {
      asked.incrementAndGet();
      return answer;
    };
  }

  private static Callable<String> fails(String why) {
    return () -> {
      throw new IOException(why);
    };
  }

  private Callable<String> hangs() {
    return () -> {
      try {
        new CountDownLatch(1).await();
        return "never";
      } finally {
        hung.countDown();
      }
    };
  }
}
