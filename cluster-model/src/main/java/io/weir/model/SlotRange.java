package io.weir.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A closed range of hash slots.
 *
 * @param first the first slot, 0 to 16,383
 * @param last the last slot, {@code first} to 16,383
 */
public record SlotRange(int first, int last) {

  /** Rejects a range that is empty or leaves the slots. */
  public SlotRange {
    if (first < 0 || last >= HashSlots.COUNT || first > last) {
      throw new IllegalArgumentException(
          "a slot range lies within 0 to "
              + (HashSlots.COUNT - 1)
              + ", got "
              + first
              + " to "
              + last);
    }
  }

  /** Tells whether a slot lies in the range. */
  public boolean contains(int slot) {
    return slot >= first && slot <= last;
  }

  /** Number of slots, at least 1. */
  public int size() {
    return last - first + 1;
  }

  /**
   * Divides all slots into ranges whose sizes differ by one at most.
   *
   * @param shards how many, 1 to 16,384
   */
  public static List<SlotRange> split(int shards) {
    if (shards < 1 || shards > HashSlots.COUNT) {
      throw new IllegalArgumentException(
          "the number of shards is 1 to " + HashSlots.COUNT + ", got " + shards);
    }
    List<SlotRange> ranges = new ArrayList<>(shards);
    double width = (double) HashSlots.COUNT / shards;
    int first = 0;
    for (int i = 1; i <= shards; i++) {
      int last = i == shards ? HashSlots.COUNT - 1 : (int) Math.round(i * width - 1);
      ranges.add(new SlotRange(first, last));
      first = last + 1;
    }
    return List.copyOf(ranges);
  }

  /** Tells whether any of the ranges contains the slot. */
  public static boolean anyContains(List<SlotRange> ranges, int slot) {
    for (SlotRange range : ranges) {
      if (range.contains(slot)) {
        return true;
      }
    }
    return false;
  }

  /** The form {@code first-last}, for people. */
  @Override
  public String toString() {
    return first + "-" + last;
  }
}
