package io.weir.cache.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.cache.door.OverloadedException;
import io.weir.model.ByteSize;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBudgetTest {

  private final RequestBudget budget = budget(64, Duration.ofMillis(1));

  @Test
  void whatIsReservedIsGivenBackOnce() {
    RequestBudget.Reservation value = value(5 * 1024);
    RequestBudget.Reservation batch = batch(1024);
    assertThat(budget.reservedBytes()).isEqualTo((2 * 5 + 4) * 1024);
    assertThat(batch.answers(1024)).isTrue();
    assertThat(budget.reservedBytes()).isEqualTo((2 * 5 + 4 + 2) * 1024);
    batch.close();
    batch.close();
    value.close();
    assertThat(budget.reservedBytes()).isZero();
  }

  @Test
  void whatIsLargeLeavesAnEighthToWhatIsSmall() {
    List<Supplier<RequestBudget.Reservation>> larges =
        List.of(() -> batch(14 * 1024), () -> value(28 * 1024));
    for (Supplier<RequestBudget.Reservation> each : larges) {
      RequestBudget.Reservation large = each.get();
      assertThatThrownBy(() -> batch(1))
          .isInstanceOf(OverloadedException.class)
          .hasMessageContaining("weir.requests.max-bytes-in-flight, 64KiB");
      assertThat(large.answers(1)).isFalse();
      assertThatThrownBy(() -> value(5 * 1024)).isInstanceOf(OverloadedException.class);
      RequestBudget.Reservation small = value(4 * 1024);
      assertThatThrownBy(() -> value(1)).isInstanceOf(OverloadedException.class);
      small.close();
      large.close();
      assertThat(budget.reservedBytes()).isZero();
    }
  }

  @Test
  void aBatchThatFindsTheBudgetFullOfSmallValuesLeavesNothingBehind() {
    List<RequestBudget.Reservation> values =
        Stream.generate(() -> value(4 * 1024)).limit(7).toList();
    assertThatThrownBy(() -> batch(3 * 1024)).isInstanceOf(OverloadedException.class);
    RequestBudget.Reservation small = batch(2 * 1024);
    assertThat(small.answers(1024)).isFalse();
    small.close();
    values.forEach(RequestBudget.Reservation::close);
    batch(14 * 1024).close();
    assertThat(budget.reservedBytes()).isZero();
  }

  @Test
  void aBodyIsReservedInStepsAsItComes() {
    try (RequestBudget.Reservation value = budget.value()) {
      assertThat(budget.reservedBytes()).isZero();
      for (int kib : new int[] {1, 4, 8, 16, 32}) {
        value.body(kib * 1024);
        assertThat(budget.reservedBytes()).isEqualTo(2L * kib * 1024);
      }
      assertThatThrownBy(() -> value.body(33 * 1024)).isInstanceOf(OverloadedException.class);
    }
    assertThat(budget.reservedBytes()).isZero();
  }

  @Test
  void whatIsReservedOnceItIsClosedIsGivenBackAtOnce() {
    RequestBudget.Reservation batch = batch(1024);
    batch.close();
    assertThat(batch.answers(1024)).isFalse();
    batch.operations(3, 1);
    assertThat(budget.reservedBytes()).isZero();
    batch(14 * 1024).close();
  }

  @Test
  void theOperationsOfABatchTakeRoomBesidesItsText() {
    try (RequestBudget.Reservation batch = batch(1024)) {
      batch.operations(3, 2);
      assertThat(budget.reservedBytes()).isEqualTo((4 + 3 + 2 * 4) * 1024);
    }
  }

  @Test
  void theValuesThatAreBeingWrittenHaveABudgetOfTheirOwn() {
    RequestBudget.Reservation batch = batch(14 * 1024);
    RequestBudget.Answer one = budget.answer(20 * 1024);
    assertThatThrownBy(() -> budget.answer(13 * 1024)).isInstanceOf(OverloadedException.class);
    budget.answer(12 * 1024).close();
    one.close();
    RequestBudget.Answer larger = budget.answer(1 << 20);
    assertThatThrownBy(() -> budget.answer(1)).isInstanceOf(OverloadedException.class);
    larger.close();
    batch.close();
    assertThat(budget.answeredBytes()).isZero();
  }

  @Test
  void whoFindsNoRoomWaitsForIt() {
    RequestBudget patient = budget(64, Duration.ofSeconds(30));
    RequestBudget.Reservation first = patient.value();
    first.body(28 * 1024);
    CompletableFuture<RequestBudget.Reservation> second =
        CompletableFuture.supplyAsync(() -> {
          RequestBudget.Reservation value = patient.value();
          value.body(5 * 1024);
          return value;
        });
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
    ByteSize least = RequestBudget.least(value, batch, 1_000);
    RequestBudget smallest = new RequestBudget(least, Duration.ZERO);
    try (RequestBudget.Reservation largest = smallest.value()) {
      largest.body(value.bytes());
    }
    try (RequestBudget.Reservation largest = smallest.batch()) {
      largest.body(batch.bytes());
      largest.operations(1_000, BatchController.MOST_WORKERS);
    }
    assertThat(RequestBudget.standard(least)).isGreaterThanOrEqualTo(least);
  }

  private RequestBudget.Reservation value(long bytes) {
    return reserved(budget.value(), bytes);
  }

  private RequestBudget.Reservation batch(long bytes) {
    return reserved(budget.batch(), bytes);
  }

  private static RequestBudget.Reservation reserved(
      RequestBudget.Reservation reservation, long bytes) {
    try {
      reservation.body(bytes);
      return reservation;
    } catch (OverloadedException e) {
      reservation.close();
      throw e;
    }
  }

  private static RequestBudget budget(int kib, Duration maxWait) {
    return new RequestBudget(ByteSize.ofKiB(kib), maxWait);
  }

  @Test
  void whatMustBeKeptIsReservedThoughThereIsNoRoom() {
    RequestBudget budget = new RequestBudget(ByteSize.ofKiB(16), Duration.ZERO);
    assertThat(budget.tryReserve(13 * 1024)).isTrue();
    assertThat(budget.tryReserve(4 * 1024)).isFalse();
    budget.reserve(4 * 1024);
    assertThat(budget.reservedBytes()).isEqualTo(17 * 1024);
    budget.release(13 * 1024);
    assertThat(budget.reservedBytes()).isEqualTo(4 * 1024);
    assertThat(budget.tryReserve(11 * 1024)).isFalse();
    assertThat(budget.tryReserve(10 * 1024)).isTrue();
    budget.release(4 * 1024);
    budget.release(10 * 1024);
    assertThat(budget.reservedBytes()).isZero();
  }
}
