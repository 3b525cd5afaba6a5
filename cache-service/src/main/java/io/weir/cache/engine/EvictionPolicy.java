package io.weir.cache.engine;

import java.util.Locale;

/** By what rule the table chooses the entries that leave for room. */
public enum EvictionPolicy {
  /** The one that was not used for longest: {@link LruOrder}. */
  LRU,

  /** The one of two that was used less often: {@link TinyLfuOrder}. */
  W_TINYLFU;

  /** The form of the setting. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
