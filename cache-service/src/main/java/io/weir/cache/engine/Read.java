package io.weir.cache.engine;

import io.weir.cache.kv.Versioned;

/** The answer to a read. */
public sealed interface Read permits Entry, Read.Answer {

  /** What the key holds, an expired value being absent. */
  Versioned what();

  /** Whether it was resident. */
  boolean hit();

  /** Whether it is resident now. */
  boolean stored();

  /** An answer that is not itself what is resident. */
  record Answer(Versioned what, boolean hit, boolean stored) implements Read {}
}
