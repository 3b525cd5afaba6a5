package io.weir.cache.journal.raft;

/** Bytes of a log entry or a snapshot that do not read as one. */
final class CorruptEntryException extends RuntimeException {

  CorruptEntryException(String message) {
    super(message);
  }
}
