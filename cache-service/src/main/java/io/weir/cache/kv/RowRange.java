package io.weir.cache.kv;

import io.weir.model.Key;
import io.weir.model.SlotRange;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a range of slots that come after a key, in the order of the primary key.
 *
 * @param after null for all of them
 */
public record RowRange(SlotRange slots, @Nullable Key after) {

  /** The order of the primary key: slot, then the key's bytes. */
  public static final Comparator<Key> ORDER =
      Comparator.comparingInt(Key::slot).thenComparing(Comparator.naturalOrder());

  /** Tells whether a key belongs to it. */
  public boolean contains(Key key) {
    return slots.contains(key.slot()) && (after == null || ORDER.compare(key, after) > 0);
  }
}
