package io.weir.cache.redis;

/** How far this server has applied its shard's journal; 0 before it has one. */
@FunctionalInterface
public interface JournalOffset {

  /** Does not wait. */
  long applied();
}
