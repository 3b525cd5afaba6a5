package io.weir.load.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.load.workload.ClientShare;
import io.weir.load.workload.KeySpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteLogTest {

  private static final int KEY = 3;
  private final KeySpace keys = new KeySpace("load:", 10);
  private final WriteLog log = new WriteLog(keys, ClientShare.ALL, 100, 100, 77);

  private byte[] value(int key, long sequence) {
    byte[] value = new byte[100];
    ValuePattern.encode(value, value.length, ValuePattern.hash(keys.bytes(key)), sequence);
    return value;
  }

  @Test
  void aKeyWithoutAnAcknowledgedWriteIsNotJudged() {
    long first = log.begin(KEY, false);
    assertThat(log.check(KEY, null)).isEqualTo(Verdict.UNTOUCHED);
    assertThat(log.check(KEY, value(KEY, first))).isEqualTo(Verdict.UNTOUCHED);
    log.lose();
    assertThat(log.isAcknowledged(KEY)).isFalse();
    assertThat(log.ambiguous()).isEqualTo(1);
  }

  @Test
  void theLastAcknowledgedWriteIsIntactAndEverythingElseIsFound() {
    long first = log.begin(KEY, false);
    log.acknowledge(KEY);
    long second = log.begin(KEY, false);
    log.acknowledge(KEY);
    assertThat(second).isEqualTo(first + 1);
    assertThat(log.acknowledged()).isEqualTo(2);
    assertThat(log.check(KEY, value(KEY, second))).isEqualTo(Verdict.INTACT);
    assertThat(log.check(KEY, value(KEY, first))).isEqualTo(Verdict.STALE);
    assertThat(log.check(KEY, value(KEY, second + 1))).isEqualTo(Verdict.STALE);
    assertThat(log.check(KEY, null)).isEqualTo(Verdict.MISSING);
    assertThat(log.check(KEY, value(4, second))).isEqualTo(Verdict.CORRUPT);
    assertThat(log.check(KEY, new byte[100])).isEqualTo(Verdict.CORRUPT);
    byte[] damaged = value(KEY, second);
    damaged[99] ^= 1;
    assertThat(log.check(KEY, damaged)).isEqualTo(Verdict.CORRUPT);
  }

  @Test
  void theValueOfAnEarlierRunIsStale() {
    long first = log.begin(KEY, false);
    log.acknowledge(KEY);
    assertThat(log.check(KEY, value(KEY, first - (1L << 32)))).isEqualTo(Verdict.STALE);
  }

  @Test
  void aWriteOfUnknownOutcomeIsAcceptedAndTheLastOfItsKey() {
    long first = log.begin(KEY, false);
    log.acknowledge(KEY);
    long lost = log.begin(KEY, false);
    log.lose();
    assertThat(log.begin(KEY, false)).isZero();
    assertThat(log.check(KEY, value(KEY, first))).isEqualTo(Verdict.INTACT);
    assertThat(log.check(KEY, value(KEY, lost))).isEqualTo(Verdict.INTACT);
    assertThat(log.check(KEY, value(KEY, lost + 1))).isEqualTo(Verdict.STALE);
  }

  @Test
  void aRefusedWriteGivesItsNumberBack() {
    long first = log.begin(KEY, false);
    log.reject(KEY);
    assertThat(log.begin(KEY, false)).isEqualTo(first);
  }

  @Test
  void valuesTooShortForAStampAreCheckedForPresence() {
    WriteLog shorts = new WriteLog(keys, ClientShare.ALL, 5, 5, 77);
    shorts.begin(KEY, false);
    shorts.acknowledge(KEY);
    assertThat(shorts.check(KEY, new byte[5])).isEqualTo(Verdict.INTACT);
    assertThat(shorts.check(KEY, new byte[4])).isEqualTo(Verdict.CORRUPT);
    assertThat(shorts.check(KEY, null)).isEqualTo(Verdict.MISSING);
  }

  @Test
  void aKeyHasOneWriterAtATime() {
    assertThat(log.begin(KEY, false)).isPositive();
    assertThat(log.begin(KEY, true)).isZero();
    log.acknowledge(KEY);
    assertThat(log.begin(KEY, true)).isPositive();
  }

  @Test
  void aProcessWritesTheKeysOfItsShareAlone() {
    WriteLog second = new WriteLog(keys, new ClientShare(1, 3), 100, 100, 78);
    assertThat(second.begin(4, false)).isPositive();
    assertThat(second.begin(3, false)).isZero();
  }

  @Test
  void aDeletedKeyMustBeGone() {
    long first = log.begin(KEY, false);
    log.acknowledge(KEY);
    log.begin(KEY, true);
    log.acknowledge(KEY);
    assertThat(log.check(KEY, null)).isEqualTo(Verdict.INTACT);
    assertThat(log.check(KEY, value(KEY, first))).isEqualTo(Verdict.STALE);
  }

  @Test
  void aDeleteOfUnknownOutcomeMayHaveHappened() {
    long first = log.begin(KEY, false);
    log.acknowledge(KEY);
    log.begin(KEY, true);
    log.lose();
    assertThat(log.check(KEY, null)).isEqualTo(Verdict.INTACT);
    assertThat(log.check(KEY, value(KEY, first))).isEqualTo(Verdict.INTACT);
    assertThat(log.check(KEY, value(KEY, first + 1))).isEqualTo(Verdict.STALE);
  }

  @Test
  void theLogGrowsWithTheKeysThatAreInserted() {
    assertThat(log.end()).isEqualTo(10);
    log.begin(123_456, false);
    log.acknowledge(123_456);
    assertThat(log.end()).isEqualTo(123_457);
    assertThat(log.isAcknowledged(123_456)).isTrue();
    assertThat(log.isAcknowledged(123_455)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 31, 32, 100, 4_096})
  void aValueSaysWhoseItIs(int size) {
    byte[] value = new byte[size];
    ValuePattern.encode(value, size, 5, 6);
    assertThat(ValuePattern.decode(value, size)).isEqualTo(new ValuePattern.Stamp(5, 6));
    for (int i = 0; i < size; i++) {
      value[i] ^= 4;
      assertThat(ValuePattern.decode(value, size)).as("byte %d", i).isNull();
      value[i] ^= 4;
    }
  }

  @Test
  void aValueTooShortSaysNothing() {
    byte[] value = new byte[23];
    ValuePattern.encode(value, 23, 5, 6);
    assertThat(ValuePattern.decode(value, 23)).isNull();
    ValuePattern.encode(new byte[0], 0, 5, 6);
  }
}
