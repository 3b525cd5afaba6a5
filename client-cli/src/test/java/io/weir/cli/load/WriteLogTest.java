package io.weir.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cli.load.WriteLog.Verdict;
import io.weir.model.HashSlots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteLogTest {

  private static final int KEY = 3;
  private final KeySpace keys = new KeySpace("load:", 10);
  private final WriteLog log = new WriteLog(keys, 100, 77);

  private byte[] value(int key, long sequence) {
    byte[] value = new byte[100];
    ValuePattern.encode(value, ValuePattern.hash(keys.bytes(key)), sequence);
    return value;
  }

  @Test
  void aKeyWithoutAnAcknowledgedWriteIsNotJudged() {
    long first = log.begin(KEY);
    assertThat(log.check(KEY, null)).isEqualTo(Verdict.UNTOUCHED);
    assertThat(log.check(KEY, value(KEY, first))).isEqualTo(Verdict.UNTOUCHED);
    log.lose();
    assertThat(log.isAcknowledged(KEY)).isFalse();
    assertThat(log.ambiguous()).isEqualTo(1);
  }

  @Test
  void theLastAcknowledgedWriteIsIntactAndEverythingElseIsFound() {
    long first = log.begin(KEY);
    log.acknowledge(KEY);
    long second = log.begin(KEY);
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
    long first = log.begin(KEY);
    log.acknowledge(KEY);
    assertThat(log.check(KEY, value(KEY, first - (1L << 32)))).isEqualTo(Verdict.STALE);
  }

  @Test
  void aWriteOfUnknownOutcomeIsAcceptedAndTheLastOfItsKey() {
    long first = log.begin(KEY);
    log.acknowledge(KEY);
    long lost = log.begin(KEY);
    log.lose();
    assertThat(log.isWritable(KEY)).isFalse();
    assertThat(log.check(KEY, value(KEY, first))).isEqualTo(Verdict.INTACT);
    assertThat(log.check(KEY, value(KEY, lost))).isEqualTo(Verdict.INTACT);
    assertThat(log.check(KEY, value(KEY, lost + 1))).isEqualTo(Verdict.STALE);
  }

  @Test
  void aRefusedWriteGivesItsNumberBack() {
    long first = log.begin(KEY);
    log.reject(KEY);
    assertThat(log.isWritable(KEY)).isTrue();
    assertThat(log.begin(KEY)).isEqualTo(first);
  }

  @Test
  void valuesTooShortForAStampAreCheckedForPresence() {
    WriteLog shorts = new WriteLog(keys, 5, 77);
    shorts.begin(KEY);
    shorts.acknowledge(KEY);
    assertThat(shorts.check(KEY, new byte[5])).isEqualTo(Verdict.INTACT);
    assertThat(shorts.check(KEY, new byte[4])).isEqualTo(Verdict.CORRUPT);
    assertThat(shorts.check(KEY, null)).isEqualTo(Verdict.MISSING);
  }

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 31, 32, 100, 4_096})
  void aValueSaysWhoseItIs(int size) {
    byte[] value = new byte[size];
    ValuePattern.encode(value, 5, 6);
    assertThat(ValuePattern.decode(value)).isEqualTo(new ValuePattern.Stamp(5, 6));
    for (int i = 0; i < size; i++) {
      value[i] ^= 4;
      assertThat(ValuePattern.decode(value)).as("byte %d", i).isNull();
      value[i] ^= 4;
    }
  }

  @Test
  void aValueTooShortSaysNothing() {
    byte[] value = new byte[23];
    ValuePattern.encode(value, 5, 6);
    assertThat(ValuePattern.decode(value)).isNull();
    ValuePattern.encode(new byte[0], 5, 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"load:", "", "a/", "{tag}", ".", "ü "})
  void keysHaveThePathAndTheSlotOfTheirName(String prefix) {
    KeySpace space = new KeySpace(prefix, 12);
    for (int i = 0; i < 12; i++) {
      assertThat(space.key(i)).hasToString(prefix + i);
      assertThat(space.path(i)).isEqualTo(io.weir.model.KeyPath.of(space.key(i)));
      assertThat(space.slot(i)).isEqualTo(HashSlots.slotOf(space.bytes(i)));
    }
  }
}
