package io.weir.cache.redis;

import io.weir.cache.engine.CacheEngine;
import io.weir.cache.engine.ScanPage;
import io.weir.cache.engine.ScanRequest;
import io.weir.cache.kv.Row;
import io.weir.cache.kv.RowRange;
import io.weir.model.Key;
import io.weir.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys of one slot, those of the database among them. Its methods wait. */
public final class SlotKeys {

  private static final int PAGE = 1_000;
  private static final long PAGE_BYTES = 1 << 20;

  private final Function<ScanRequest, ScanPage> scan;
  private final ScanTurns turns;

  public SlotKeys(CacheEngine engine, ScanTurns turns) {
    this(engine::scan, turns);
  }

  SlotKeys(Function<ScanRequest, ScanPage> scan, ScanTurns turns) {
    this.scan = scan;
    this.turns = turns;
  }

  long count(int slot) {
    long count = 0;
    Key after = null;
    do {
      ScanPage page = page(slot, after, PAGE);
      count += page.entries().size();
      after = page.next();
    } while (after != null);
    return count;
  }

  /** The first of them, in the order of their bytes. */
  List<Key> first(int slot, int most) {
    List<Key> keys = new ArrayList<>();
    Key after = null;
    do {
      ScanPage page = page(slot, after, Math.min(PAGE, most - keys.size()));
      page.entries().stream().map(Row::key).forEach(keys::add);
      after = page.next();
    } while (after != null && keys.size() < most);
    return keys;
  }

  private ScanPage page(int slot, @Nullable Key after, int most) {
    RowRange range = new RowRange(new SlotRange(slot, slot), after);
    return turns.take(() -> scan.apply(new ScanRequest(range, most, PAGE_BYTES)));
  }
}
