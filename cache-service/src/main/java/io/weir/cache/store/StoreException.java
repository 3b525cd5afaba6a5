package io.weir.cache.store;

/** A failure of the backing store; each kind asks for another reaction. */
public abstract sealed class StoreException extends RuntimeException
    permits DatabaseBehindException,
        FencedException,
        OtherDatabaseException,
        OutdatedJournalException,
        RowTooLargeException,
        RowsFailedException,
        StoreUnavailableException,
        WentBackException {

  private static final long serialVersionUID = 1;

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  StoreException(String message) {
    super(message);
  }
}
