package io.weir.cache.journal;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;

/** One step of the replicated state machine, the dirty set. */
public sealed interface Mutation {

  /** A client's put or delete: the key is dirty from here on. */
  record Written(Write write) implements Mutation {}

  /** The database has acknowledged a version of a key: it is clean, unless it was written since. */
  record Flushed(Key key, Version version) implements Mutation {}

  /**
   * The operator has given a version of a key up, which the database refuses: the key is what its
   * row is, unless it was written since.
   */
  record Discarded(Key key, Version version) implements Mutation {}
}
