package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "512, 512",
    "512B, 512",
    "8k, 8192",
    "8KiB, 8192",
    "8kib, 8192",
    "8 MiB, 8388608",
    "' 2GiB ', 2147483648",
    "1TiB, 1099511627776",
    "8KB, 8000",
    "8MB, 8000000",
    "2GB, 2000000000",
    "1TB, 1000000000000",
    "8388607TiB, 9223370937343148032",
  })
  void sizesAreReadWithTheirUnits(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "-1", "1.5MiB", "8 apples", "8MiBs", "0x10", "1e6"})
  void anythingElseIsRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'%s' is no size; write a whole number and a unit, such as 512B, 64KiB, 8MiB or 2GiB",
            text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8388608TiB", "9223372036854775808", "99999999999999999999"})
  void moreThanFitsIsRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is more bytes than fit 63 bits", text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0B", "1023, 1023B", "1024, 1KiB", "1536, 1536B", "8388608, 8MiB"})
  void aSizeIsWrittenInTheLargestUnitThatGivesAWholeNumber(long bytes, String text) {
    assertThat(new ByteSize(bytes)).hasToString(text);
    assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
  }

  @Test
  void sizesAreMadeComparedAndBounded() {
    assertThat(ByteSize.ofKiB(1024)).isEqualTo(ByteSize.ofMiB(1));
    assertThat(ByteSize.ofKiB(1)).isLessThan(ByteSize.ofMiB(1));
    assertThat(ByteSize.ofKiB(1).toIntExact()).isEqualTo(1024);
    assertThatThrownBy(() -> ByteSize.parse("2GiB").toIntExact())
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> new ByteSize(-1)).hasMessage("a size is not negative, got -1 bytes");
  }
}
