package io.weir.cache.store;

/**
 * The database does not hold the flushes that it should: it has gone back, or it is another one.
 * Nothing was changed.
 */
public final class WentBackException extends StoreException {

  private static final long serialVersionUID = 1;

  private final long found;

  private WentBackException(String message, long found) {
    super(message);
    this.found = found;
  }

  /**
   * Of a database whose number does not lie where it must.
   *
   * @param acknowledged the last flush that it has acknowledged
   * @param found the number of the last flush that is in it
   */
  public static WentBackException from(long acknowledged, long found) {
    return new WentBackException(
        "the last flush in the database is number %d, and it has acknowledged number %d"
            .formatted(found, acknowledged),
        found);
  }

  /** The number of the last flush that is in the database. */
  public long found() {
    return found;
  }
}
