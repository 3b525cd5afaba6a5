package io.weir.load.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueSizesTest {

  private static final int DRAWS = 100_000;

  @TempDir private Path directory;

  private static Map<Integer, Integer> drawn(ValueSizes sizes) {
    SplittableRandom random = new SplittableRandom(42);
    Map<Integer, Integer> seen = new HashMap<>();
    for (int i = 0; i < DRAWS; i++) {
      seen.merge(sizes.next(random), 1, Integer::sum);
    }
    return seen;
  }

  @Test
  void aSizeIsAlwaysTheSame() {
    ValueSizes sizes = ValueSizes.parse("4KiB");
    assertThat(drawn(sizes)).containsOnlyKeys(4_096);
    assertThat(sizes.smallest()).isEqualTo(sizes.largest()).isEqualTo(4_096);
    assertThat(sizes).hasToString("4KiB");
  }

  @Test
  void aRangeHasBothItsEnds() {
    ValueSizes sizes = ValueSizes.parse("uniform:50B-60B");
    Map<Integer, Integer> seen = drawn(sizes);
    assertThat(seen).hasSize(11).containsKeys(50, 60);
    assertThat(seen.values()).allSatisfy(count -> assertThat(count).isBetween(8_500, 9_700));
    assertThat(sizes).hasToString("uniform:50B-60B");
  }

  @Test
  void aHistogramHasTheSharesOfItsWeights() throws IOException {
    Path file = directory.resolve("sizes.txt");
    Files.writeString(file, "# what we have\n100B 3\n\n2KiB 1 # rare\n50B 0\n");
    ValueSizes sizes = ValueSizes.parse("histogram:" + file);
    Map<Integer, Integer> seen = drawn(sizes);
    assertThat(seen).containsOnlyKeys(100, 2_048);
    assertThat(seen.get(100) / (double) DRAWS).isCloseTo(0.75, within(0.01));
    assertThat(sizes.smallest()).isEqualTo(50);
    assertThat(sizes.largest()).isEqualTo(2_048);
  }

  @ParameterizedTest
  @ValueSource(strings = {"100B", "100B x", "100B -1", "100B 1 2", "much 3", "100B 0", ""})
  void aHistogramThatIsNoneIsRefused(String text) throws IOException {
    Path file = directory.resolve("sizes.txt");
    Files.writeString(file, text);
    assertThatThrownBy(() -> ValueSizes.parse("histogram:" + file))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"large", "uniform:50B", "uniform:2KiB-50B", "histogram:/no/such", "1GiB"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> ValueSizes.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
