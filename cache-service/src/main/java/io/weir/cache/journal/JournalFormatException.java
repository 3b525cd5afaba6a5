package io.weir.cache.journal;

/**
 * The log or a snapshot holds what a later version of Weir has written. Nothing is damaged: a
 * version that reads it goes on from here.
 */
public final class JournalFormatException extends RuntimeException {

  private JournalFormatException(String message) {
    super(message);
  }

  /** Of a format that is higher than the highest one that this version reads. */
  public static JournalFormatException ofFormat(int format) {
    return new JournalFormatException(
        "the group's journal is written in format "
            + format
            + ", and this version of Weir reads format "
            + JournalFormat.HIGHEST
            + " at most: start a version that reads format "
            + format
            + "; the directory is intact");
  }

  /** Of a known format, with a part that this version does not know. */
  public static JournalFormatException ofPart(String part) {
    return new JournalFormatException(
        "the group's journal holds "
            + part
            + ", which this version of Weir does not know: start the version that its leader runs;"
            + " the directory is intact");
  }
}
