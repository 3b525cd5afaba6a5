package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hash of keys against another implementation, and of keys that somebody has chosen. */
class KeyHashTest {

  /** As CPython 3.11, whose hash of bytes is SipHash-1-3, has it with {@code PYTHONHASHSEED=42}. */
  private static final KeyHash.Seed SEED =
      new KeyHash.Seed(0xdc504fd368cd90afL, 0xb920bb9ffe99e9c1L);

  /** Each hash is of the bytes 0, 1, 2 and so on. */
  @ParameterizedTest
  @CsvSource({
    "1, ce880c366bcf3489",
    "3, ef4b9dcae9b04417",
    "4, 79793200f3b3b3db",
    "7, ce280fabc397fbda",
    "8, 60866c3c108c6afb",
    "9, 68814005f7469e03",
    "15, 94ace24d68c18cf8",
    "16, 339176f3ac59ce05",
    "17, ed2706b414c296f1",
    "34, f36e3b1fa0873bc4",
    "64, 91639ef7de8d52cb"
  })
  void itIsSipHash13(int length, String hash) {
    byte[] bytes = upTo(length);
    assertThat(Long.toHexString(KeyHash.sipHash13(SEED, bytes))).isEqualTo(hash);
  }

  @Test
  void keysWhoseTextsHaveOneHashCodeAreSpreadOverBucketsAndStripes() {
    List<String> texts = List.of("");
    for (int block = 0; block < 16; block++) {
      texts = texts.stream().flatMap(text -> Stream.of(text + "Aa", text + "BB")).toList();
    }
    assertThat(texts.stream().map(String::hashCode).distinct()).hasSize(1);
    int[] low = new int[256];
    int[] high = new int[256];
    for (String text : texts) {
      int hash = Key.of(text).hashCode();
      low[hash & 0xff]++;
      high[hash >>> 24]++;
    }
    // 256 on average, and a standard deviation of 16.
    assertThat(Arrays.stream(low)).allMatch(n -> n > 150 && n < 362);
    assertThat(Arrays.stream(high)).allMatch(n -> n > 150 && n < 362);
  }

  @Test
  void theSeedPartsWhatAnotherHasJoined() {
    RandomGenerator random = RandomGenerator.getDefault();
    byte[] one = upTo(20);
    byte[] other = upTo(20);
    other[3]++;
    KeyHash.Seed joining = SEED;
    while (bits(joining, one) != bits(joining, other)) {
      joining = new KeyHash.Seed(random.nextLong(), random.nextLong());
    }
    int parted = 0;
    for (int i = 0; i < 64; i++) {
      KeyHash.Seed next = new KeyHash.Seed(joining.low() + i + 1, joining.high());
      parted += bits(next, one) == bits(next, other) ? 0 : 1;
    }
    assertThat(parted).as("of 64 seeds beside %s", joining).isGreaterThan(56);
  }

  private static int bits(KeyHash.Seed seed, byte[] bytes) {
    return (int) KeyHash.sipHash13(seed, bytes) & 0xfff;
  }

  private static byte[] upTo(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
