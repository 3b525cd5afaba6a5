package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slots as a Redis 7.0 in cluster mode gives them by {@code CLUSTER KEYSLOT}. */
class HashSlotsTest {

  @Test
  void theChecksumIsTheOneOfTheRedisClusterSpecification() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(HashSlots.crc16(digits, 0, digits.length)).isEqualTo(0x31C3);
    assertThat(HashSlots.crc16(digits, 0, 0)).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "foo, 12182",
        "bar, 5061",
        "hello, 866",
        "123456789, 12739",
        "user:1, 10778",
        "{user1000}.following, 3443",
        "{user1000}.followers, 3443",
        "user1000, 3443",
        "foo{}{bar}, 8363",
        "foo{{bar}}zap, 4015",
        "{bar, 4015",
        "foo{bar}{zap}, 5061",
        "{, 4092",
        "}{a}, 15495",
        "a, 15495",
        "{a, 10276",
        "a}b{c}, 7365",
        "c, 7365",
        "{}, 15257",
        "{}x, 10595",
        "€, 1997",
        "a{€}b, 1997",
      })
  void slotsAgreeWithRedisCluster(String key, int slot) {
    assertThat(HashSlots.slotOf(key.getBytes(StandardCharsets.UTF_8))).isEqualTo(slot);
    assertThat(Key.of(key).slot()).isEqualTo(slot);
  }

  @Test
  void theChecksumOfAnyPartIsWhatDividingBitByBitGives() {
    byte[] bytes = new byte[40];
    new SplittableRandom(1).nextBytes(bytes);
    for (int from = 0; from < 8; from++) {
      for (int to = from; to <= bytes.length; to++) {
        int remainder = 0;
        for (int i = from; i < to; i++) {
          remainder ^= (bytes[i] & 0xFF) << 8;
          for (int bit = 0; bit < 8; bit++) {
            remainder = (remainder << 1) ^ ((remainder & 0x8000) == 0 ? 0 : 0x11021);
          }
        }
        assertThat(HashSlots.crc16(bytes, from, to)).as("%d to %d", from, to).isEqualTo(remainder);
      }
    }
  }

  @Test
  void bytesAboveAsciiAreUnsigned() {
    assertThat(HashSlots.crc16(new byte[] {(byte) 0xFF}, 0, 1)).isEqualTo(0x1EF0);
  }
}
