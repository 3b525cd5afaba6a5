package io.weir.cache.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadLeaseTest {

  private long now = Long.MAX_VALUE - 500;
  private long wall;
  private final ReadLease lease = new ReadLease(Duration.ofNanos(1_000), () -> now, () -> wall);

  @Test
  void isNotValidBeforeItIsConfirmed() {
    assertThat(lease.isValid()).isFalse();
    assertThat(lease.request()).isNull();
    lease.grant(1);
    assertThat(lease.isValid()).isFalse();
  }

  @Test
  void countsFromBeforeTheQuestionAndEndsOnTime() {
    lease.grant(1);
    ReadLease.Request request = request();
    now += 600;
    lease.confirmed(request);
    assertThat(lease.isValid()).isTrue();
    now += 399;
    assertThat(lease.isValid()).isTrue();
    now += 1;
    assertThat(lease.isValid()).isFalse();
  }

  @Test
  void anAnswerThatComesTooLateRenewsNothing() {
    lease.grant(1);
    ReadLease.Request request = request();
    now += 1_000;
    lease.confirmed(request);
    assertThat(lease.isValid()).isFalse();
  }

  @Test
  void anOlderAnswerDoesNotShortenIt() {
    lease.grant(1);
    ReadLease.Request older = request();
    now += 500;
    ReadLease.Request newer = request();
    lease.confirmed(newer);
    lease.confirmed(older);
    now += 999;
    assertThat(lease.isValid()).isTrue();
  }

  @Test
  void aResetDropsWhatWasAskedBefore() {
    lease.grant(1);
    ReadLease.Request before = request();
    lease.confirmed(before);
    ReadLease.Request underWay = request();
    lease.reset();
    assertThat(lease.isValid()).isFalse();
    lease.confirmed(underWay);
    assertThat(lease.isValid()).isFalse();
    lease.confirmed(request());
    assertThat(lease.isValid()).isTrue();
  }

  @Test
  void onceRevokedItTakesAnotherGrant() {
    lease.grant(1);
    ReadLease.Request underWay = request();
    lease.revoke();
    lease.confirmed(underWay);
    assertThat(lease.isValid()).isFalse();
    assertThat(lease.request()).isNull();
    lease.grant(2);
    lease.confirmed(underWay);
    assertThat(lease.isValid()).isFalse();
  }

  @Test
  void onceBarredTheSameTermGetsItNoMore() {
    lease.grant(3);
    lease.confirmed(request());
    lease.bar();
    assertThat(lease.isValid()).isFalse();
    lease.grant(3);
    assertThat(lease.request()).isNull();
    lease.grant(4);
    lease.confirmed(request());
    assertThat(lease.isValid()).isTrue();
  }

  /** As after a suspend, over which the other clock stands still. */
  @Test
  void whereTheWallClockHasMovedOnByItselfItDoesNotCountUntilItIsConfirmedAnew() {
    lease.grant(1);
    lease.confirmed(request());
    wall += 50;
    assertThat(lease.isValid()).isTrue();
    wall += 1;
    assertThat(lease.isValid()).isFalse();
    now += 1;
    lease.confirmed(request());
    assertThat(lease.isValid()).isTrue();
    wall -= 51;
    assertThat(lease.isValid()).isFalse();
  }

  @Test
  void aVoteInAnOlderTermDoesNotEndIt() {
    lease.grant(3);
    lease.confirmed(request());
    lease.revokeBefore(3);
    assertThat(lease.isValid()).isTrue();
    lease.revokeBefore(4);
    assertThat(lease.isValid()).isFalse();
  }

  private ReadLease.Request request() {
    return requireNonNull(lease.request());
  }
}
