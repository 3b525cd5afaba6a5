package io.weir.cache.store;

/**
 * The newest reign that the database was told of.
 *
 * @param generation of the group; below the shard's where a server that records no reigns founded
 *     the shard's
 * @param epoch of the reign; 0 while nobody has led in that generation, as far as is known
 * @param term counted over all generations
 * @param holder drawn for the reign, so that its leader knows its own record again; empty for none
 * @param mayBeDirty whether the journal may hold what the database does not
 */
public record RecordedReign(
    long generation, long epoch, long term, String holder, boolean mayBeDirty) {

  /** What is known when nothing is. */
  public static final RecordedReign NONE = new RecordedReign(0, 0, 0, "", true);
}
