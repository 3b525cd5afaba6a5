package io.weir.cache.redis;

import io.weir.model.HashSlots;
import io.weir.model.Key;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The cursors of {@code SCAN}: the slot that it goes on with. Where it ends in the midst of a slot,
 * the cursor has a number besides, under which the key is kept here that it goes on behind.
 *
 * <p>The slot is in the low bits, so a cursor that is a slot alone is small, and means the same at
 * every member. The others are bounded in number, die with the process, and are known here alone:
 * who comes with one that is not known begins its slot anew, and misses nothing. Numbers are
 * random, so that one of another process is not taken for one of this.
 *
 * <p><b>Concurrency.</b> Safe for use by many threads.
 */
final class ScanCursors {

  /** Of a new scan, and of one that has ended. */
  static final long START = 0;

  private static final int SLOT_BITS = 14;

  /** So that a cursor fits a signed number of 64 bits as well. */
  private static final long MOST_NUMBERS = 1L << (Long.SIZE - 1 - SLOT_BITS);

  /** With a key each, of 512 bytes at most. */
  private static final int MOST_KEPT = 1024;

  private final SplittableRandom random = new SplittableRandom();

  /** In the order of their last use; guarded by this. */
  private final Map<Long, Key> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Key> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /**
   * Where a scan goes on.
   *
   * @param after null for the slot's beginning
   */
  record Place(int slot, @Nullable Key after) {}

  synchronized Place place(long cursor) {
    return new Place((int) cursor & (HashSlots.COUNT - 1), kept.get(cursor));
  }

  /** The cursor of the beginning of a slot. */
  static long ofSlot(int slot) {
    return slot;
  }

  /** The cursor of what comes after a key in its slot. */
  synchronized long after(Key key) {
    long cursor;
    do {
      cursor = random.nextLong(1, MOST_NUMBERS) << SLOT_BITS | key.slot();
    } while (kept.putIfAbsent(cursor, key) != null);
    return cursor;
  }

  /**
   * Reads a cursor: any unsigned number of 64 bits.
   *
   * @throws CommandRefusedException when it is none
   */
  static long parse(String text) {
    if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      try {
        return Long.parseUnsignedLong(text);
      } catch (NumberFormatException e) {
        // As any other text.
      }
    }
    throw new CommandRefusedException("ERR invalid cursor");
  }
}
