package io.weir.cache.engine;

import io.weir.cache.kv.Versioned;
import java.util.List;

/** Decides what a write does from what its keys hold. */
@FunctionalInterface
public interface Update {

  /**
   * Decides: quickly, without waiting, and without an effect outside of itself. What counts is what
   * it decides last; it is asked again where the first time would have had to wait. What it decided
   * on may be proposed and not applied yet: nothing of it may be told before the listener is.
   *
   * @param current what each key holds, in the order of the keys, an expired value being absent;
   *     empty when {@link #needsCurrent} says so
   * @return what to write, as one entry of the journal; empty to leave all as it is
   */
  List<Edit> decide(List<Versioned> current);

  /** Whether the keys have to be looked at. */
  default boolean needsCurrent() {
    return true;
  }
}
