package io.weir.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of values, and their bits. */
class RangesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, a",
    "0, -1, abcdef",
    "1, 2, bc",
    "-3, -1, def",
    "-100, 1, ab",
    "4, 100, ef",
    "6, 9, ''",
    "3, 2, ''",
    "-1, -2, ''",
    "0, -100, a",
    "-100, -99, a",
    "0, 9223372036854775807, abcdef",
    "-9223372036854775808, 9223372036854775807, abcdef",
    "-9223372036854775808, -9223372036854775808, a",
    "9223372036854775807, 0, ''"
  })
  void aPartHasBothEnds(long first, long last, String part) {
    assertThat(new String(Ranges.part(bytes("abcdef"), first, last), ISO_8859_1)).isEqualTo(part);
  }

  @Test
  void nothingHasNoParts() {
    assertThat(Ranges.part(new byte[0], 0, -1)).isEmpty();
    assertThat(Ranges.part(new byte[0], -1, 0)).isEmpty();
  }

  @Test
  void whatIsMissingBeforeAnOverwrittenPartIsZero() {
    assertThat(Ranges.overwritten(null, 2, bytes("x"))).containsExactly(0, 0, 'x');
    assertThat(Ranges.overwritten(bytes("ab"), 1, bytes("xy"))).containsExactly('a', 'x', 'y');
    assertThat(Ranges.overwritten(bytes("abc"), 1, bytes("x"))).containsExactly('a', 'x', 'c');
  }

  @Test
  void whatIsChangedIsACopy() {
    byte[] bytes = bytes("ab");
    Ranges.overwritten(bytes, 0, bytes("x"))[1] = 0;
    Bits.with(bytes, 0, true)[1] = 0;
    Ranges.joined(bytes, bytes("c"))[0] = 0;
    assertThat(bytes).isEqualTo(bytes("ab"));
  }

  @Test
  void bitsAreThoseOfABitSet() {
    long seed = System.nanoTime();
    System.out.println("RangesTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      BitSet model = new BitSet();
      byte[] bytes = new byte[0];
      for (int i = 0; i < 20; i++) {
        int bit = random.nextInt(100);
        boolean on = random.nextBoolean();
        model.set(bit, on);
        bytes = Bits.with(bytes, bit, on);
      }
      for (int bit = 0; bit < 120; bit++) {
        assertThat(Bits.get(bytes, bit)).as("seed " + seed).isEqualTo(model.get(bit) ? 1 : 0);
      }
      int first = random.nextInt(bytes.length * 8);
      int last = first + random.nextInt(bytes.length * 8 - first);
      assertThat(Bits.count(bytes, first, last))
          .as("%d to %d, seed %d", first, last, seed)
          .isEqualTo(model.get(first, last + 1).cardinality());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
