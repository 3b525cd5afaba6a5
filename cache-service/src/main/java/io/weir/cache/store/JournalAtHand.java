package io.weir.cache.store;

/**
 * Tells whether this server has a journal that it can serve from while its database is down. Then a
 * database that merely does not answer does not stop the start.
 */
@FunctionalInterface
public interface JournalAtHand {

  boolean isThere();
}
