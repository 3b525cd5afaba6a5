package io.weir.cache.store;

/**
 * The database was told of a later reign of the generation than the journal that this leader leads
 * by: it is not the generation's newest journal.
 */
public final class OutdatedJournalException extends StoreException {

  private static final long serialVersionUID = 1;

  public OutdatedJournalException(String message) {
    super(message);
  }
}
