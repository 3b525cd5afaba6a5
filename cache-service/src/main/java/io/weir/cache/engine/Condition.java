package io.weir.cache.engine;

import io.weir.cache.kv.Versioned;

/** What must hold of a key for a write to happen. */
@FunctionalInterface
public interface Condition {

  /** No condition: a blind write, which never reads the database. */
  Condition NONE =
      new Condition() {
        @Override
        public boolean holds(Versioned current) {
          return true;
        }

        @Override
        public boolean needsCurrent() {
          return false;
        }
      };

  /**
   * Tells whether the write may happen.
   *
   * @param current what the key holds, an expired value being absent
   */
  boolean holds(Versioned current);

  /** Whether the key has to be looked at. */
  default boolean needsCurrent() {
    return true;
  }
}
