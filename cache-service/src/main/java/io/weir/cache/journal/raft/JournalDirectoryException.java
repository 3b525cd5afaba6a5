package io.weir.cache.journal.raft;

/** A directory that this server must not write its journal to. */
public final class JournalDirectoryException extends RuntimeException {

  /** Of a member whose log is damaged. */
  static final String WHAT_TO_DO =
      "the member must not go on with it. Where others keep the journal, empty this member's"
          + " directory altogether; else bring back a copy of the whole directory";

  JournalDirectoryException(String message) {
    super(message);
  }

  JournalDirectoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
