package io.weir.model;

import org.jspecify.annotations.Nullable;

/**
 * The formats of the journal that a cache server reads and writes. A server that does not tell any
 * reads the first one alone.
 *
 * @param reads the highest that it reads
 * @param writes what its shard's group writes, as far as it knows; 0 before it has a place there
 */
public record JournalFormats(int reads, int writes) {

  /** Of a server that does not tell. */
  public static final JournalFormats FIRST = new JournalFormats(1, 0);

  /** What a server has told; {@link #FIRST} for one that has not. */
  public static JournalFormats orFirst(@Nullable JournalFormats told) {
    return told == null ? FIRST : told;
  }

  /** Rejects what no server can mean. */
  public JournalFormats {
    if (reads < 1 || writes < 0) {
      throw new IllegalArgumentException(
          "journalFormats has a 'reads' of 1 or more and a 'writes' of 0 or more, got "
              + reads
              + " and "
              + writes);
    }
  }
}
