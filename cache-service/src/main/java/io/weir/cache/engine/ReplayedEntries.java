package io.weir.cache.engine;

import io.weir.model.Key;

/**
 * What a lone leader that has just started holds clean: by its journal's word the database has it.
 * An older journal would say the same, and so would one whose database has gone back. So none of it
 * is served until the database has answered for it. Then it goes, since the database may have
 * something newer that was never in the journal; or, if the database has gone back, it is what is
 * written again.
 *
 * <p><b>Concurrency.</b> One volatile field. A read that is let pass a moment too early meets the
 * table as it is, or the database.
 */
final class ReplayedEntries {

  private final Table table;
  private volatile boolean withheld;

  ReplayedEntries(Table table) {
    this.table = table;
  }

  /** Withholds what is clean. */
  void withhold() {
    withheld = true;
  }

  /** Serves it: the database has gone back, or others vouch for it. */
  void keep() {
    withheld = false;
  }

  /** The database holds what it must: it is asked from here on. */
  void drop() {
    if (withheld) {
      table.dropClean();
      withheld = false;
    }
  }

  /** Whether what is clean is withheld, and will go. */
  boolean isWithheld() {
    return withheld;
  }

  /** Whether the database has to answer for a key first. */
  boolean withholds(Key key) {
    return withheld && table.isClean(key);
  }
}
