package io.weir.cache.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which a stripe's entries leave for room.
 *
 * <p>An entry that is {@linkplain #add added} is in one of the {@link #lists} until it is
 * {@linkplain #setAside set aside} or {@linkplain #remove removed}. What was set aside comes back
 * by its next {@linkplain #use use}, or when it has {@linkplain #comeBack become clean}.
 *
 * <p><b>Concurrency.</b> Guarded by the stripe's write lock.
 */
sealed interface EvictionOrder permits LruOrder, TinyLfuOrder {

  /** An empty order by a policy; what it needs besides the entries is charged to the memory. */
  static EvictionOrder of(EvictionPolicy policy, MemoryBound memory) {
    return switch (policy) {
      case LRU -> new LruOrder();
      case W_TINYLFU -> new TinyLfuOrder(memory);
    };
  }

  /** Counts the uses that the order goes by. */
  UseCounter uses();

  /** An entry is put into the stripe, and so used. */
  void add(Entry entry);

  /** An entry of the stripe is used, whether it is in one of the lists or was set aside. */
  void use(Entry entry);

  /**
   * An entry is put in the place of another of its key, and so used; the other may be in one of the
   * lists or set aside, and is neither then.
   */
  void replace(Entry old, Entry fresh);

  /**
   * The entry to leave next, dirty or not; null when there is none. The caller removes it if it is
   * clean, and sets it aside if it is dirty.
   *
   * @param spared is not chosen; null to spare none
   */
  @Nullable Entry victim(@Nullable Entry spared);

  /** Takes a dirty victim out of the lists. */
  void setAside(Entry entry);

  /** An entry that is in no list has become clean: it is a victim again. */
  void comeBack(Entry entry);

  /** An entry leaves the stripe. */
  void remove(Entry entry);

  /** All entries that were not set aside: a list whose entries leave sooner comes first. */
  List<RecencyList> lists();
}
