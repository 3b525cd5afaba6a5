package io.weir.master.registry;

import io.weir.model.SlotRange;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The form of slot ranges in a column: {@code 0-5460,10923-16383}. */
final class SlotRangesText {

  private SlotRangesText() {}

  static String write(List<SlotRange> ranges) {
    return ranges.stream().map(SlotRange::toString).collect(Collectors.joining(","));
  }

  static List<SlotRange> read(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(SlotRangesText::readOne).toList();
  }

  private static SlotRange readOne(String text) {
    int hyphen = text.indexOf('-');
    return new SlotRange(
        Integer.parseInt(text.substring(0, hyphen)), Integer.parseInt(text.substring(hyphen + 1)));
  }
}
