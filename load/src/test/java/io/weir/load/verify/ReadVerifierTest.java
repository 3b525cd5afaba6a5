package io.weir.load.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.load.result.Verification;
import io.weir.load.workload.ClientShare;
import io.weir.load.workload.KeySpace;
import org.junit.jupiter.api.Test;

class ReadVerifierTest {

  private static final int KEY = 3;

  private final KeySpace keys = new KeySpace("load:", 10);
  private final WriteLog log = new WriteLog(keys, ClientShare.ALL, 24, 200, 77);
  private final ReadVerifier verifier = new ReadVerifier(log);

  private byte[] value(int key, long sequence) {
    byte[] value = new byte[100];
    ValuePattern.encode(value, 100, ValuePattern.hash(keys.bytes(key)), sequence);
    return value;
  }

  private long write() {
    long sequence = log.begin(KEY, false);
    log.acknowledge(KEY);
    return sequence;
  }

  private void delete() {
    log.begin(KEY, true);
    log.acknowledge(KEY);
  }

  private Verdict read(long floor, long sequence) {
    return verifier.check(KEY, floor, value(KEY, sequence), 100, "http://c");
  }

  private Verdict readNothing(long floor) {
    return verifier.check(KEY, floor, null, 0, "http://c");
  }

  @Test
  void aReadReturnsWhatWasAcknowledgedBeforeItBegan() {
    long first = write();
    long second = write();
    long floor = verifier.floor(KEY);
    assertThat(read(floor, second)).isEqualTo(Verdict.INTACT);
    assertThat(read(floor, first)).isEqualTo(Verdict.STALE);
    assertThat(readNothing(floor)).isEqualTo(Verdict.MISSING);
    Verification result = verifier.result();
    assertThat(result.checkedReads()).isEqualTo(3);
    assertThat(result.wrong()).isEqualTo(2);
    assertThat(result.examples())
        .containsExactly(
            "a read of load:3 after write 2 of it was acknowledged or read returned write 1 from"
                + " http://c",
            "a read of load:3 after write 2 of it was acknowledged or read found no entry from"
                + " http://c");
  }

  @Test
  void aReadThatOverlapsAWriteMayReturnEither() {
    long first = write();
    long floor = verifier.floor(KEY);
    long second = log.begin(KEY, false);
    assertThat(read(floor, second)).isEqualTo(Verdict.INTACT);
    log.acknowledge(KEY);
    assertThat(read(floor, first)).isEqualTo(Verdict.INTACT);
  }

  @Test
  void whatOneReaderSawTheNextSeesToo() {
    long first = write();
    long second = log.begin(KEY, false);
    assertThat(read(verifier.floor(KEY), second)).isEqualTo(Verdict.INTACT);
    assertThat(read(verifier.floor(KEY), first)).isEqualTo(Verdict.STALE);
    assertThat(readNothing(verifier.floor(KEY))).isEqualTo(Verdict.MISSING);
  }

  @Test
  void damageAndAnotherKeysValueAreCorrupt() {
    long first = write();
    long floor = verifier.floor(KEY);
    byte[] damaged = value(KEY, first);
    damaged[50] ^= 1;
    assertThat(verifier.check(KEY, floor, damaged, 100, "s")).isEqualTo(Verdict.CORRUPT);
    assertThat(verifier.check(KEY, floor, value(KEY, first), 99, "s")).isEqualTo(Verdict.CORRUPT);
    assertThat(verifier.check(KEY, floor, value(4, first), 100, "s")).isEqualTo(Verdict.CORRUPT);
    assertThat(read(floor, first + 1)).isEqualTo(Verdict.CORRUPT);
  }

  @Test
  void theValueOfAnEarlierRunIsStaleOnceThisRunHasWritten() {
    long earlier = (78L << 32) | 5;
    assertThat(read(verifier.floor(KEY), earlier)).isEqualTo(Verdict.INTACT);
    write();
    assertThat(read(verifier.floor(KEY), earlier)).isEqualTo(Verdict.STALE);
  }

  @Test
  void aDeletedKeyIsGoneAndMayBeOnItsWay() {
    long first = write();
    long floor = verifier.floor(KEY);
    log.begin(KEY, true);
    assertThat(readNothing(floor)).isEqualTo(Verdict.INTACT);
    log.acknowledge(KEY);
    assertThat(readNothing(floor)).isEqualTo(Verdict.INTACT);
    assertThat(read(floor, first)).isEqualTo(Verdict.INTACT);
    floor = verifier.floor(KEY);
    assertThat(readNothing(floor)).isEqualTo(Verdict.INTACT);
    assertThat(read(floor, first)).isEqualTo(Verdict.STALE);
  }

  @Test
  void aKeyWrittenAgainAfterItsDeletionMustBeThere() {
    write();
    delete();
    long third = write();
    long floor = verifier.floor(KEY);
    assertThat(readNothing(floor)).isEqualTo(Verdict.MISSING);
    assertThat(read(floor, third)).isEqualTo(Verdict.INTACT);
  }

  @Test
  void aDeletionThatCameAndWentDuringAReadIsNoFault() {
    write();
    long floor = verifier.floor(KEY);
    delete();
    write();
    assertThat(readNothing(floor)).isEqualTo(Verdict.INTACT);
  }

  @Test
  void aKeyThatNobodyWroteMayBeAnything() {
    assertThat(readNothing(verifier.floor(KEY))).isEqualTo(Verdict.INTACT);
    assertThat(verifier.check(KEY, verifier.floor(KEY), new byte[100], 100, "s"))
        .isEqualTo(Verdict.CORRUPT);
  }

  @Test
  void theExamplesAreFew() {
    write();
    for (int i = 0; i < 100; i++) {
      assertThat(readNothing(verifier.floor(KEY))).isEqualTo(Verdict.MISSING);
    }
    assertThat(verifier.result().examples()).hasSize(10);
    assertThat(verifier.result().missingReads()).isEqualTo(100);
  }
}
