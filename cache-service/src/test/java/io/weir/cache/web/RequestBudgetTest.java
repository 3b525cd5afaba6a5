package io.weir.cache.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.door.OverloadedException;
import io.weir.model.ByteSize;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBudgetTest {

  private final RequestBudget budget = budget(64, Duration.ofMillis(1));

  @Test
  void whatIsReservedIsGivenBackOnce() {
    RequestBudget.Reservation value = budget.value(5 * 1024);
    RequestBudget.Reservation batch = budget.batch(1024);
    assertThat(budget.reservedBytes()).isEqualTo((2 * 5 + 4) * 1024);
    assertThat(batch.answers(1024)).isTrue();
    assertThat(budget.reservedBytes()).isEqualTo((2 * 5 + 4 + 2) * 1024);
    batch.close();
    batch.close();
    value.close();
    assertThat(budget.reservedBytes()).isZero();
  }

  @Test
  void batchesLeaveAnEighthToSingleKeys() {
    RequestBudget.Reservation batch = budget.batch(14 * 1024);
    assertThatThrownBy(() -> budget.batch(1))
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("weir.requests.max-bytes-in-flight, 64KiB");
    assertThat(batch.answers(1)).isFalse();
    RequestBudget.Reservation value = budget.value(4 * 1024);
    assertThatThrownBy(() -> budget.value(1)).isInstanceOf(OverloadedException.class);
    value.close();
    batch.close();
    assertThat(budget.reservedBytes()).isZero();
    budget.batch(14 * 1024).close();
  }

  @Test
  void aBatchThatFindsTheBudgetFullOfValuesLeavesNothingBehind() {
    RequestBudget.Reservation values = budget.value(30 * 1024);
    assertThatThrownBy(() -> budget.batch(2 * 1024)).isInstanceOf(OverloadedException.class);
    RequestBudget.Reservation small = budget.batch(1024);
    assertThat(small.answers(1024)).isFalse();
    small.close();
    values.close();
    budget.batch(14 * 1024).close();
    assertThat(budget.reservedBytes()).isZero();
  }

  @Test
  void whoFindsNoRoomWaitsForIt() {
    RequestBudget patient = budget(64, Duration.ofSeconds(30));
    RequestBudget.Reservation first = patient.value(32 * 1024);
    CompletableFuture<RequestBudget.Reservation> second =
        CompletableFuture.supplyAsync(() -> patient.value(1024));
    assertThat(second).isNotDone();
    first.close();
    second.join().close();
    assertThat(patient.reservedBytes()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"1, 16", "64, 1", "1, 1", "64, 1023"})
  void theLeastOneHoldsTheLargestOfEachKind(int valueMib, int batchMib) {
    ByteSize value = ByteSize.ofMiB(valueMib);
    ByteSize batch = ByteSize.ofMiB(batchMib);
    ByteSize least = RequestBudget.least(value, batch);
    RequestBudget smallest = new RequestBudget(least, Duration.ZERO);
    smallest.value(value.bytes()).close();
    smallest.batch(batch.bytes()).close();
    assertThat(RequestBudget.standard(least)).isGreaterThanOrEqualTo(least);
  }

  private static RequestBudget budget(int kib, Duration maxWait) {
    return new RequestBudget(ByteSize.ofKiB(kib), maxWait);
  }
}
