package io.weir.cache.redis;

import io.weir.cache.door.Ownership;
import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.ScanPage;
import io.weir.cache.engine.ScanRequest;
import io.weir.cache.kv.Row;
import io.weir.cache.kv.RowRange;
import io.weir.model.HashSlots;
import io.weir.model.Key;
import io.weir.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys of this server's shard, page by page: the database's, and what is dirty.
 *
 * <p>A page reads the values, too. So it is bounded in bytes, and so are the pages at once.
 *
 * <p><b>Concurrency.</b> Blocking calls, for virtual threads.
 */
final class KeyPages {

  private static final SlotRange ALL = new SlotRange(0, HashSlots.COUNT - 1);

  private static final int PAGE_KEYS = 1000;

  private static final long PAGE_BYTES = 1L << 20;

  /** Pages that a {@code SCAN} reads of the slot that it has begun, so as to end with it. */
  private static final int MOST_OF_SLOT = 4;

  /** Pages that an estimate looks at. */
  private static final int MOST_OF_ESTIMATE = 4;

  private static final int SAMPLE = 16;

  private final CacheEngine engine;
  private final Ownership ownership;
  private final ScanCursors cursors = new ScanCursors();
  private final ScanTurns turns;

  KeyPages(CacheEngine engine, Ownership ownership, ScanTurns turns) {
    this.engine = engine;
    this.ownership = ownership;
    this.turns = turns;
  }

  /**
   * One page of {@code SCAN}.
   *
   * @param cursor of the next; {@link ScanCursors#START} after the last
   */
  record Page(List<Key> keys, long cursor) {}

  /**
   * The next page of a scan. A key that is there from its beginning to its end is on one page at
   * least: a page ends with a slot, or after a key that its cursor stands for.
   *
   * @param count about how many keys; a slot that has begun is read to its end, if that is near
   */
  Page next(long cursor, int count) {
    SlotRange slots = slots();
    ScanCursors.Place from = cursors.place(cursor);
    if (from.slot() > slots.last()) {
      return new Page(List.of(), ScanCursors.START);
    }
    int first = Math.max(from.slot(), slots.first());
    return turns.take(() -> {
      List<Key> keys = new ArrayList<>();
      Key end =
          page(new SlotRange(first, slots.last()), from.after(), Math.min(count, PAGE_KEYS), keys);
      if (end == null) {
        return new Page(keys, ScanCursors.START);
      }
      int slot = end.slot();
      Key rest = end;
      for (int i = 0; rest != null && i < MOST_OF_SLOT; i++) {
        rest = page(new SlotRange(slot, slot), rest, PAGE_KEYS, keys);
      }
      if (rest != null) {
        return new Page(keys, cursors.after(rest));
      }
      return new Page(
          keys, slot == slots.last() ? ScanCursors.START : ScanCursors.ofSlot(slot + 1));
    });
  }

  /**
   * Adds the keys of a page.
   *
   * @return what the next comes after; null when this was the last
   */
  private @Nullable Key page(SlotRange slots, @Nullable Key after, int most, List<Key> keys) {
    ScanPage page = engine.scan(new ScanRequest(new RowRange(slots, after), most, PAGE_BYTES));
    for (Row row : page.entries()) {
      if (ownership.owns(row.key().slot())) {
        keys.add(row.key());
      }
    }
    return page.next();
  }

  /** Gives all keys, a page at a time. */
  void forEach(Consumer<List<Key>> pages) {
    SlotRange slots = slots();
    Key after = null;
    do {
      Key from = after;
      List<Key> keys = new ArrayList<>();
      after = turns.take(() -> new Next(page(slots, from, PAGE_KEYS, keys))).after();
      pages.accept(keys);
    } while (after != null);
  }

  private record Next(@Nullable Key after) {}

  /** Any key, of a slot that is drawn by lot; null when there is none. */
  @Nullable Key any() {
    SlotRange slots = slots();
    int start = ThreadLocalRandom.current().nextInt(slots.first(), slots.last() + 1);
    List<Key> keys =
        turns.take(() -> {
          List<Key> some = firstOf(new SlotRange(start, slots.last()));
          return some.isEmpty() && start > slots.first()
              ? firstOf(new SlotRange(slots.first(), start - 1))
              : some;
        });
    return keys.isEmpty() ? null : keys.get(ThreadLocalRandom.current().nextInt(keys.size()));
  }

  private List<Key> firstOf(SlotRange slots) {
    List<Key> keys = new ArrayList<>();
    Key after = null;
    do {
      after = page(slots, after, SAMPLE, keys);
    } while (keys.isEmpty() && after != null);
    return keys;
  }

  /**
   * How many keys there are: exactly, while they are few, and else as many as there would be if all
   * slots were like those that were looked at.
   */
  long estimate() {
    SlotRange slots = slots();
    int start = ThreadLocalRandom.current().nextInt(slots.first(), slots.last() + 1);
    return turns.take(() -> {
      List<Key> keys = new ArrayList<>();
      Key end = look(new SlotRange(start, slots.last()), keys, MOST_OF_ESTIMATE);
      int whole = (end == null ? slots.last() + 1 : end.slot()) - start;
      if (end == null && start > slots.first()) {
        end = look(new SlotRange(slots.first(), start - 1), keys, MOST_OF_ESTIMATE);
        whole += (end == null ? start : end.slot()) - slots.first();
      }
      if (end == null || whole == 0) {
        return (long) keys.size();
      }
      int partial = end.slot();
      long ofWhole = keys.stream().filter(key -> key.slot() != partial).count();
      return Math.max(keys.size(), ofWhole * slots.size() / whole);
    });
  }

  private @Nullable Key look(SlotRange slots, List<Key> keys, int most) {
    Key after = null;
    int pages = 0;
    do {
      after = page(slots, after, PAGE_KEYS, keys);
      pages++;
    } while (after != null && pages < most && keys.size() < PAGE_KEYS);
    return after;
  }

  /** From the first slot of this server's to the last. */
  private SlotRange slots() {
    int first = 0;
    int last = ALL.last();
    while (first < last && !ownership.owns(first)) {
      first++;
    }
    while (last > first && !ownership.owns(last)) {
      last--;
    }
    return ownership.owns(first) ? new SlotRange(first, last) : ALL;
  }
}
