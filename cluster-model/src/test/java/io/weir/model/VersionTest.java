package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0, 1, 268435456",
    "1, 0, 281474976710656",
    "1, 1, 281475245146112",
    "32767, 1048575, 9223372036586340352",
  })
  void generationAndEpochArePackedAboveTheCounter(long generation, long epoch, long value) {
    Version version = Version.startOf(generation, epoch);
    assertThat(version.value()).isEqualTo(value);
    assertThat(version.generation()).isEqualTo(generation);
    assertThat(version.epoch()).isEqualTo(epoch);
  }

  @Test
  void theCounterDoesNotReachIntoTheOtherParts() {
    Version last = new Version(Version.startOf(3, 7).value() + (1L << Version.COUNTER_BITS) - 1);
    assertThat(last.generation()).isEqualTo(3);
    assertThat(last.epoch()).isEqualTo(7);
    assertThat(new Version(last.value() + 1)).isEqualTo(Version.startOf(3, 8));
  }

  @Test
  void allBitsTogetherAreSixtyThree() {
    assertThat(Version.GENERATION_BITS + Version.EPOCH_BITS + Version.COUNTER_BITS).isEqualTo(63);
    assertThat(Version.MAX_GENERATION).isEqualTo(32_767);
  }

  @Test
  void aLaterGenerationIsNewerThanAnyEpochOfTheOneBefore() {
    assertThat(Version.startOf(2, 0).isNewerThan(Version.startOf(1, (1 << 20) - 1))).isTrue();
    assertThat(Version.startOf(1, 1)).isGreaterThan(Version.startOf(1, 0));
    assertThat(Version.NONE.isNewerThan(Version.NONE)).isFalse();
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> Version.startOf(32_768, 0))
        .hasMessage("a generation is 0 to 32767, got 32768");
    assertThatThrownBy(() -> Version.startOf(-1, 0))
        .hasMessage("a generation is 0 to 32767, got -1");
    assertThatThrownBy(() -> Version.startOf(0, 1 << 20))
        .hasMessage("an epoch is 0 to 1048575, got 1048576");
    assertThatThrownBy(() -> Version.startOf(0, -1)).hasMessage("an epoch is 0 to 1048575, got -1");
    assertThatThrownBy(() -> new Version(-1)).hasMessage("a version is not negative, got -1");
  }

  @Test
  void theEntityTagIsTheQuotedNumber() {
    assertThat(new Version(42).toEntityTag()).isEqualTo("\"42\"");
    assertThat(new Version(42)).hasToString("42");
  }
}
