package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code INCRBYFLOAT} reads and prints. */
class DecimalsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "10.50, 0.1, 10.6",
    "5.0e3, 2.0e2, 5200",
    "3, 1.1, 4.1",
    "1, -1.1, -0.1",
    "1.5, 1.5, 3",
    "1.23, -1.23, 0",
    "-0.0, 0, 0",
    "100, 0, 100",
    "17179869184, 1.5, 17179869185.5",
    "17179869184, 17179869184, 34359738368",
    "+1, .5, 1.5",
    "5., 1E+2, 105",
    "0.1, 0.2, 0.3",
    "0, 1e-17, 0.00000000000000001",
    "0, 1e-18, 0",
    "0, -1e-300, 0",
    "1e22, 1, 10000000000000000000001",
    "0e999999, 1, 1",
    "0.12345678901234567, 0, 0.12345678901234567",
    "0.123456789012345675, 0, 0.12345678901234568",
    "0.123456789012345665, 0, 0.12345678901234566"
  })
  void isPrintedWithoutAnExponent(String value, String increment, String sum) {
    assertThat(new String(Decimals.sum(bytes(value), bytes(increment)), ISO_8859_1)).isEqualTo(sum);
  }

  @Test
  void anAbsentValueIsZero() {
    assertThat(Decimals.sum(null, bytes("2.50"))).isEqualTo(bytes("2.5"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a",
        "1 ",
        " 1",
        "1\0",
        "1.2.3",
        "1e",
        "e5",
        ".",
        "-",
        "--1",
        "nan",
        "NaN",
        "0x10",
        "1e4933",
        "1e-4952",
        "1e999999999",
        "1e-999999999",
        "1e9999999999999",
        "1,5",
        "\u0661"
      })
  void isNoNumber(String text) {
    assertThatThrownBy(() -> Decimals.sum(null, bytes(text)))
        .hasMessage("ERR value is not a valid float");
    assertThatThrownBy(() -> Decimals.sum(bytes(text), bytes("1")))
        .hasMessage("ERR value is not a valid float");
  }

  @Test
  void aNumberHasABoundedLength() {
    assertThatThrownBy(() -> Decimals.sum(null, bytes("1".repeat(5120))))
        .hasMessage("ERR value is not a valid float");
    assertThat(Decimals.sum(null, bytes("0".repeat(5118) + "1"))).isEqualTo(bytes("1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"inf", "-inf", "+Inf", "INFINITY", "-infinity"})
  void aSumIsFinite(String infinite) {
    assertThatThrownBy(() -> Decimals.sum(bytes("1"), bytes(infinite)))
        .hasMessage("ERR increment would produce NaN or Infinity");
  }

  @Test
  void aSumStaysInTheRangeOf80Bits() {
    assertThat(Decimals.sum(bytes("1e4932"), bytes("0"))).hasSize(4933);
    assertThatThrownBy(() -> Decimals.sum(bytes("9e4932"), bytes("9e4932")))
        .hasMessage("ERR increment would produce NaN or Infinity");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
