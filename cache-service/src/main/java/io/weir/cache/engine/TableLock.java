package io.weir.cache.engine;

/** How reads of resident entries are kept apart from changes of the table. */
public enum TableLock {
  /** By the read lock of the key's stripe: a read waits for a change that is under way. */
  READ_WRITE,
  /**
   * By none: a read walks the table as it changes, and looks again, under the lock, where a rebuild
   * was under way.
   */
  OPTIMISTIC
}
