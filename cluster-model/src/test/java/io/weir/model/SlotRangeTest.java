package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotRangeTest {

  @Test
  void threeShardsHaveTheRangesThatRedisGivesThem() {
    assertThat(SlotRange.split(3))
        .containsExactly(
            new SlotRange(0, 5460), new SlotRange(5461, 10922), new SlotRange(10923, 16383));
  }

  @Test
  void everySplitIsCompleteDisjointAndEven() {
    for (int shards = 1; shards <= 100; shards++) {
      assertSplits(shards);
    }
    assertSplits(1_000);
    assertSplits(HashSlots.COUNT);
  }

  private static void assertSplits(int shards) {
    List<SlotRange> ranges = SlotRange.split(shards);
    assertThat(ranges).as("%d shards", shards).hasSize(shards);
    int next = 0;
    for (SlotRange range : ranges) {
      assertThat(range.first()).as("%d shards, %s", shards, range).isEqualTo(next);
      assertThat(range.size())
          .as("%d shards, %s", shards, range)
          .isBetween(HashSlots.COUNT / shards, (HashSlots.COUNT + shards - 1) / shards);
      next = range.last() + 1;
    }
    assertThat(next).isEqualTo(HashSlots.COUNT);
  }

  @ParameterizedTest
  @CsvSource({"-1, 5", "5, 4", "0, 16384", "16384, 16384"})
  void aRangeOutsideTheSlotsIsRefused(int first, int last) {
    assertThatThrownBy(() -> new SlotRange(first, last))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a slot range lies within 0 to 16383, got " + first + " to " + last);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "16385"})
  void aNumberOfShardsThatSlotsCannotBeDividedAmongIsRefused(int shards) {
    assertThatThrownBy(() -> SlotRange.split(shards))
        .hasMessage("the number of shards is 1 to 16384, got " + shards);
  }

  @Test
  void bothEndsBelongToTheRange() {
    SlotRange range = new SlotRange(10, 20);
    assertThat(range.contains(9)).isFalse();
    assertThat(range.contains(10)).isTrue();
    assertThat(range.contains(20)).isTrue();
    assertThat(range.contains(21)).isFalse();
    assertThat(range.size()).isEqualTo(11);
    assertThat(range).hasToString("10-20");
    List<SlotRange> ranges = List.of(range, new SlotRange(30, 30));
    assertThat(SlotRange.anyContains(ranges, 30)).isTrue();
    assertThat(SlotRange.anyContains(ranges, 25)).isFalse();
    assertThat(SlotRange.anyContains(List.of(), 0)).isFalse();
  }
}
