package io.weir.cache.journal.raft;

import io.weir.cache.journal.JournalFormat;

/**
 * The format in which this member writes, as far as its log is applied. Set by the applying thread,
 * read by any. What is encoded just before a switch is of the lower format, which all go on to
 * read.
 */
final class FormatInUse {

  private volatile int format = JournalFormat.FIRST;

  int get() {
    return format;
  }

  void set(int next) {
    format = next;
  }
}
