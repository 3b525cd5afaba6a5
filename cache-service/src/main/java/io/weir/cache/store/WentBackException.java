package io.weir.cache.store;

/**
 * The database does not hold the flushes that it should: it has gone back, or it is another one.
 * Nothing was changed.
 */
public final class WentBackException extends StoreException {

  private static final long serialVersionUID = 1;

  private final long found;

  /**
   * @param found the number of the last flush that is in it
   */
  public WentBackException(String message, long found) {
    super(message);
    this.found = found;
  }

  /** The number of the last flush that is in the database. */
  public long found() {
    return found;
  }
}
