package io.weir.cache.store;

/**
 * The database refuses some row of a batch for its data: split the batch until that row stands
 * alone.
 */
public final class RowRejectedException extends StoreException {

  private static final long serialVersionUID = 1;

  public RowRejectedException(String message, Throwable cause) {
    super(message, cause);
  }
}
