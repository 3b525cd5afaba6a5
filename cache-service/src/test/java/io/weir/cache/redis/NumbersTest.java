package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole numbers, in the one form that Redis reads. */
class NumbersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1",
        "-1",
        "10",
        "-10",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775806",
        "1000000000000000000"
      })
  void isANumber(String text) {
    assertThat(Numbers.tryParse(bytes(text))).hasValue(Long.parseLong(text));
    assertThat(Numbers.print(Long.parseLong(text))).isEqualTo(bytes(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        "-0",
        "00",
        "01",
        "-01",
        " 1",
        "1 ",
        "1\0",
        "1.0",
        "1e3",
        "0x1",
        "a",
        "1a",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
        "99999999999999999999",
        "-99999999999999999999",
        "234293482390480948029348230948",
        "\u00b2"
      })
  void isNone(String text) {
    assertThat(Numbers.tryParse(bytes(text))).isEmpty();
    assertThatThrownBy(() -> Numbers.parse(bytes(text)))
        .isInstanceOf(CommandRefusedException.class)
        .hasMessage("ERR value is not an integer or out of range");
  }

  @Test
  void sumsAreExactOrRefused() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      long one = random.nextLong() >> random.nextInt(64);
      long other = random.nextLong() >> random.nextInt(64);
      BigInteger sum = BigInteger.valueOf(one).add(BigInteger.valueOf(other));
      if (sum.bitLength() < Long.SIZE) {
        assertThat(Numbers.sum(one, other)).as("seed " + seed).isEqualTo(sum.longValueExact());
      } else {
        assertThatThrownBy(() -> Numbers.sum(one, other))
            .as("seed " + seed)
            .hasMessage("ERR increment or decrement would overflow");
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
