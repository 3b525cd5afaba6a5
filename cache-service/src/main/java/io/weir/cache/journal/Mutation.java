package io.weir.cache.journal;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;

/** One step of the replicated state machine: the dirty set, and how far the database has come. */
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

  /**
   * The database has acknowledged a flush. It stands before the {@link Flushed} of that flush, so
   * that nothing of it can leave the memory before this is known. From the second format on.
   *
   * @param number of the flush
   */
  record FlushAcknowledged(long number) implements Mutation {}

  /**
   * How far the database has come, in place of what was known of it: it has gone back, so that what
   * it answers counts no more until an operator accepts it; or higher numbers are to be given. From
   * the second format on.
   *
   * @param acknowledged number of the last flush that the database acknowledged, or was found with
   *     when it had gone back
   * @param missing how many flushes it has lost, at least, since it was last accepted; 0 when its
   *     answers count
   * @param highest no number above it was ever given. Those that follow are higher, so that the
   *     database as it was before is told from what becomes of this one
   */
  record DatabaseState(long acknowledged, long missing, long highest) implements Mutation {}

  /**
   * The operator accepts the database as it is. From the second format on.
   *
   * @param missing as the operator was told; when more is missing by now, nothing is accepted
   */
  record DatabaseAccepted(long missing) implements Mutation {}
}
