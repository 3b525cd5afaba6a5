package io.weir.cache.engine;

/** Where room for an entry of a stripe may be made. */
enum Room {
  /** In its stripe, unless that has less than its share, or the entry is large for a share. */
  SHARE,
  /** In its stripe, whatever that has. */
  STRIPE,
  /**
   * As {@link #STRIPE}, and if that gives none, beyond the memory's bound. Dirty data is bounded
   * well below the memory, so that some entry is clean: it comes to that only where a server
   * recovers what it, or its leader, has journalled under a larger bound. Then each flush brings
   * the memory back towards its bound.
   */
  BEYOND
}
