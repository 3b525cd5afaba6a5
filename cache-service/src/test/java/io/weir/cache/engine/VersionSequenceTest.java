package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.model.Version;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VersionSequenceTest {

  private static final long EPOCH = 1L << Version.COUNTER_BITS;

  private final AtomicInteger asked = new AtomicInteger();
  private CompletableFuture<Long> answer = new CompletableFuture<>();
  private final VersionSequence versions =
      new VersionSequence(
          1,
          1,
          () -> {
            asked.incrementAndGet();
            return answer;
          });

  @Test
  void theNextEpochIsAskedForOnceAndUsedWhenItComes() {
    versions.skip(EPOCH - 10);
    for (int write = 0; write < 9; write++) {
      assertThat(versions.next().epoch()).isEqualTo(1);
    }
    assertThatThrownBy(versions::next).isInstanceOf(EngineException.Overloaded.class);
    assertThat(asked).hasValue(1);
    answer.complete(2L);
    assertThat(versions.next()).isEqualTo(new Version(Version.startOf(1, 2).value() + 1));
  }

  @Test
  void aQuestionThatFailsAtOnceIsAskedAgainByTheNextWriteAndHoldsNoneUp() {
    answer = CompletableFuture.failedFuture(new IllegalStateException("the reign is over"));
    versions.skip(EPOCH - 10);
    versions.next();
    versions.next();
    assertThat(asked).hasValue(2);
  }

  @Test
  void anAnswerThatNoVersionCanCarryDoesNotEndTheAsking() {
    answer = CompletableFuture.completedFuture(1L << Version.EPOCH_BITS);
    versions.skip(EPOCH - 10);
    versions.next();
    versions.next();
    assertThat(asked).hasValue(2);
  }
}
