package io.weir.cache.journal.raft;

/** A directory that this server must not write its journal to. */
public final class JournalDirectoryException extends RuntimeException {

  JournalDirectoryException(String message) {
    super(message);
  }

  JournalDirectoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
