package io.weir.cache.journal;

/**
 * The formats in which entries of the log and snapshots are written.
 *
 * <p>A group writes in one format, the oldest at first. Its leader switches to a higher one by an
 * entry of the log, once every member has told that it reads that. There is no way back: a member
 * that cannot read the group's format is not added, and one that meets it stops.
 */
public final class JournalFormat {

  /** What every version of Weir reads, and what a member reads that does not tell. */
  public static final int FIRST = 1;

  /** Each mutation with its length, so that fields can be added to it. */
  public static final int SECOND = 2;

  /** The highest format that this version reads and writes. */
  public static final int HIGHEST = SECOND;

  private JournalFormat() {}
}
